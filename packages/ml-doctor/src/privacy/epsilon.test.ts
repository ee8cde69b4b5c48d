import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../stats/normal.ts';
import { epsilonOf } from './epsilon.ts';
import { logMoments } from './rdp/log-moment.ts';
import { ACCOUNTANTS, type SubsampledGaussian } from './setting.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/privacy.json', import.meta.url), 'utf8'),
) as {
  readonly orders: readonly number[];
  readonly cases: readonly {
    readonly setting: SubsampledGaussian;
    readonly delta: number;
    readonly pld: number;
    readonly improved: number;
    readonly rdp: readonly number[];
  }[];
};

/** Records in a quarter of each data set, which a target of ML-Doctor is trained on. */
const QUARTERS: Readonly<Record<string, number>> = {
  CelebA: 50649,
  FMNIST: 17500,
  STL10: 3250,
  UTKFace: 5503,
};

/** Φ(1/(2s) − εs) − e^ε Φ(−1/(2s) − εs): the Gaussian mechanism's exact δ (Balle & Wang, ICML 2018, theorem 8). */
const gaussianDelta = (epsilon: number, s: number): number =>
  normalCdf(1 / (2 * s) - epsilon * s) - Math.exp(epsilon) * normalCdf(-1 / (2 * s) - epsilon * s);

/** Where a falling function is `target`, by bisection. */
const solve = (f: (x: number) => number, target: number, most: number): number => {
  let [low, high] = [0, most];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (f(middle) > target) low = middle;
    else high = middle;
  }
  return high;
};

/** δ(ε) of one subsampled step, the larger of both ways, by sums over a fine grid of outcomes. */
const oneStepDelta = (epsilon: number, q: number, sigma: number): number => {
  let [remove, add] = [0, 0];
  const step = sigma / 2000;
  for (let z = -12 * sigma; z < 1 + 12 * sigma; z += step) {
    const without = Math.exp(-0.5 * (z / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
    const once = Math.exp(-0.5 * ((z - 1) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
    const mixed = (1 - q) * without + q * once;
    remove += step * Math.max(0, mixed - Math.exp(epsilon) * without);
    add += step * Math.max(0, without - Math.exp(epsilon) * mixed);
  }
  return Math.max(remove, add);
};

describe('rdp-classic', () => {
  // ML-Doctor (USENIX Security 2022), table 3: 300 epochs of batches of 64 on a quarter of each data set.
  it.each([
    ['CelebA', 0.9, 5.139],
    ['CelebA', 0.8, 6.574],
    ['FMNIST', 0.95, 8.408],
    ['FMNIST', 0.9, 9.355],
    ['STL10', 1.7, 8.834],
    ['STL10', 1.6, 9.604],
    ['UTKFace', 1.3, 9.578],
    ['UTKFace', 1.5, 7.762],
  ])('finds the published epsilon of %s with noise %d', (name, noiseMultiplier, published) => {
    const records = QUARTERS[name] as number;
    const steps = 300 * Math.ceil(records / 64);
    const found = epsilonOf({ sampleRate: 64 / records, noiseMultiplier, steps }, 1e-5, 'rdp-classic');
    expect(Math.abs(found - published)).toBeLessThanOrEqual(0.001);
  });
});

describe('Rényi divergences', () => {
  it('are those of mpmath to 11 digits, at whole and other orders', () => {
    for (const { setting, rdp } of golden.cases) {
      const logMoment = logMoments(setting.sampleRate, setting.noiseMultiplier);
      golden.orders.forEach((order, i) => {
        const found = logMoment(order) / (order - 1);
        expect(Math.abs(found / (rdp[i] as number) - 1), `${JSON.stringify(setting)} ${order}`).toBeLessThan(
          1e-11,
        );
      });
    }
  });

  it('join between the ways they are computed, whole orders and others, little noise and more', () => {
    for (const [q, sigma] of [
      [0.01, 1],
      [0.9, 0.3],
      [1e-4, 0.11],
    ] as const) {
      const logMoment = logMoments(q, sigma);
      for (const order of [2, 5, 10]) expect(logMoment(order - 1e-7) / logMoment(order)).toBeCloseTo(1, 3);
      const lessNoise = logMoments(q, 0.0999999);
      expect(lessNoise(2.5)).toBeGreaterThanOrEqual(logMoments(q, 0.1000001)(2.5));
    }
  });
});

describe('rdp', () => {
  it.each(golden.cases)('is not above dp-accounting at $setting', ({ setting, delta, improved }) => {
    const found = epsilonOf(setting, delta, 'rdp');
    expect(found / improved).toBeLessThan(1 + 1e-5);
    // Its own orders are fewer near 1, where large epsilons are decided, and its series fail there.
    if (improved < 10) expect(found / improved).toBeGreaterThan(0.99);
  });
});

describe('pld', () => {
  it.each(golden.cases)('is dp-accounting at $setting', ({ setting, delta, pld }) => {
    const found = epsilonOf(setting, delta, 'pld');
    expect(found / pld).toBeLessThan(1.001);
    expect(found / pld).toBeGreaterThan(0.9998);
  });

  it.each([
    [1, 1, 1e-5],
    [0.6, 1, 1e-8],
    [10, 1, 1e-3],
    [30, 1000, 1e-6],
    [5, 20_000, 1e-5],
    [0.5, 500, 1e-5],
    [200, 100, 1e-7],
    [3, 50, 1e-30],
  ])(
    'is a close upper bound of the Gaussian mechanism, noise %d, %d steps, delta %d',
    (sigma, steps, delta) => {
      const exact = solve((epsilon) => gaussianDelta(epsilon, sigma / Math.sqrt(steps)), delta, 600);
      // Where e^ε overflows the closed form does not serve: by the first term alone, which is above, and the next.
      const truth = exact < 599 ? exact : Number.NaN;
      const found = epsilonOf({ sampleRate: 1, noiseMultiplier: sigma, steps }, delta, 'pld');
      if (Number.isNaN(truth)) {
        const mean = steps / (2 * sigma * sigma);
        expect(found).toBeGreaterThan(mean);
        expect(found).toBeLessThan(epsilonOf({ sampleRate: 1, noiseMultiplier: sigma, steps }, delta, 'rdp'));
        return;
      }
      expect(found).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
      expect(found).toBeLessThan(truth * 1.001 + 1e-9);
    },
  );

  it.each([
    [0.1, 1, 1e-5],
    [0.5, 0.5, 1e-4],
    [0.01, 2, 1e-4],
    [0.95, 3, 1e-3],
    [0.001, 0.7, 1e-6],
  ])('is the one step that sums over outcomes tell, q %d, noise %d, delta %d', (sampleRate, sigma, delta) => {
    const found = epsilonOf({ sampleRate, noiseMultiplier: sigma, steps: 1 }, delta, 'pld');
    const here = oneStepDelta(found, sampleRate, sigma);
    expect(here).toBeLessThanOrEqual(delta * (1 + 1e-5));
    expect(oneStepDelta(found * 0.999, sampleRate, sigma)).toBeGreaterThan(delta);
  });

  it('is the three steps that brute force tells', () => {
    const [q, sigma, delta] = [0.3, 1.5, 1e-3];
    const found = epsilonOf({ sampleRate: q, noiseMultiplier: sigma, steps: 3 }, delta, 'pld');
    const exact = threeSteps(q, sigma);
    expect(exact(found)).toBeLessThanOrEqual(delta * (1 + 1e-3));
    expect(exact(found * 0.995)).toBeGreaterThan(delta);
  });

  it('is 0 where delta pays for a record that is hardly ever taken', () => {
    expect(epsilonOf({ sampleRate: 1e-4, noiseMultiplier: 1, steps: 9 }, 1e-3, 'pld')).toBe(0);
  });
});

/** δ(ε) of three steps, over all triples of outcomes of a grid; only the larger way, which is to remove. */
const threeSteps = (q: number, sigma: number): ((epsilon: number) => number) => {
  const outcomes: [loss: number, mass: number][] = [];
  const step = sigma / 12;
  for (let z = -5.5 * sigma; z < 1 + 5.5 * sigma; z += step) {
    const without = (step * Math.exp(-0.5 * (z / sigma) ** 2)) / (sigma * Math.sqrt(2 * Math.PI));
    const ratio = 1 - q + q * Math.exp((2 * z - 1) / (2 * sigma * sigma));
    outcomes.push([Math.log(ratio), without * ratio]);
  }
  return (epsilon) => {
    let delta = 0;
    for (const [a, p] of outcomes)
      for (const [b, r] of outcomes)
        for (const [c, s] of outcomes)
          if (a + b + c > epsilon) delta -= p * r * s * Math.expm1(epsilon - a - b - c);
    return delta;
  };
};

const settings = fc.record({
  noise: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => 0.5 * 20 ** x),
  rate: fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => 1e-4 ** x) },
    { weight: 1, arbitrary: fc.constant(1) },
  ),
  steps: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => Math.round(1e5 ** x)),
  delta: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => 1e-8 * 1e5 ** x),
});

describe('accountants', () => {
  it('are in order: the tight one at most the improved, that at most the classic', () => {
    fc.assert(
      fc.property(settings, ({ noise, rate, steps, delta }) => {
        const [pld, rdp, classic] = ACCOUNTANTS.map((accountant) =>
          epsilonOf({ sampleRate: rate, noiseMultiplier: noise, steps }, delta, accountant),
        ) as [number, number, number];
        expect(pld).toBeLessThanOrEqual(rdp);
        expect(rdp).toBeLessThanOrEqual(classic);
      }),
      { numRuns: 12 },
    );
  });

  it('spend more with less noise, more records in a step, more steps and less delta', () => {
    fc.assert(
      fc.property(settings, fc.constantFrom(...ACCOUNTANTS), ({ noise, rate, steps, delta }, accountant) => {
        const at = (n: number, q: number, t: number, d: number): number =>
          epsilonOf({ sampleRate: q, noiseMultiplier: n, steps: t }, d, accountant);
        const here = at(noise, rate, steps, delta);
        expect(at(noise * 1.02, rate, steps, delta)).toBeLessThanOrEqual(here);
        expect(at(noise, rate / 1.02, steps, delta)).toBeLessThanOrEqual(here);
        expect(at(noise, rate, Math.ceil(steps * 1.05) + 1, delta)).toBeGreaterThanOrEqual(here);
        expect(at(noise, rate, steps, delta / 1.2)).toBeGreaterThanOrEqual(here);
      }),
      { numRuns: 9 },
    );
  });

  it('speak of six digits, not below what they found', () => {
    for (const accountant of ACCOUNTANTS) {
      const found = epsilonOf({ sampleRate: 0.01, noiseMultiplier: 1, steps: 100 }, 1e-5, accountant);
      expect(found).toBe(Number(found.toPrecision(6)));
    }
  });

  it.each([
    ['a sample rate of 0', { sampleRate: 0 }, 1e-5],
    ['a sample rate of 1.5', { sampleRate: 1.5 }, 1e-5],
    ['no noise', { noiseMultiplier: 0 }, 1e-5],
    ['noise that is no number', { noiseMultiplier: Number.NaN }, 1e-5],
    ['half a step', { steps: 0.5 }, 1e-5],
    ['no step', { steps: 0 }, 1e-5],
    ['delta 0', {}, 0],
    ['delta 1', {}, 1],
  ])('refuse %s', (_, change, delta) => {
    const setting = { sampleRate: 0.1, noiseMultiplier: 1, steps: 10, ...change };
    for (const accountant of ACCOUNTANTS)
      expect(() => epsilonOf(setting, delta, accountant)).toThrow(
        expect.objectContaining({ code: 'MLD_PRIVACY' }),
      );
  });
});
