import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominatedShares, impliedA, logRatios, type Observed, type Prior } from './relative.ts';

const logs = (values: readonly number[]) => Float64Array.from(values, Math.log);
const online: Prior = { mode: 'online' };

/** Probabilities of one record: by the target, and by references with whether they were trained on it. */
const one = (target: number, references: readonly (readonly [number, 0 | 1])[]): Observed => ({
  target: logs([target]),
  references: references.map(([p]) => logs([p])),
  inside: references.map(([, flag]) => Uint8Array.of(flag)),
});

describe('logRatios', () => {
  const ratio = (observed: Observed, prior: Prior) => Math.exp(logRatios(observed, prior)[0] as number);

  it('online divides by the mean of all references', () => {
    // .9 / ((.8 + .2) / 2)
    expect(
      ratio(
        one(0.9, [
          [0.8, 1],
          [0.2, 0],
        ]),
        online,
      ),
    ).toBeCloseTo(1.8, 12);
  });

  it('offline divides by ((1 + a) P_out + (1 − a)) / 2, from models not trained on the record', () => {
    const references = [
      [0.99, 1],
      [0.2, 0],
      [0.4, 0],
    ] as const;
    // P_out = .3; (1.3 · .3 + .7) / 2 = .545; (2 · .3 + 0) / 2 = .3; (.3 + 1) / 2 = .65.
    expect(ratio(one(0.6, references), { mode: 'offline', a: 0.3 })).toBeCloseTo(0.6 / 0.545, 12);
    expect(ratio(one(0.6, references), { mode: 'offline', a: 1 })).toBeCloseTo(2, 12);
    expect(ratio(one(0.6, references), { mode: 'offline', a: 0 })).toBeCloseTo(0.6 / 0.65, 12);
    expect(logRatios(one(0.6, [[0.5, 1]]), { mode: 'offline', a: 0.3 })[0]).toBeNaN();
  });

  it('is exact where probabilities underflow', () => {
    const tiny: Observed = {
      target: Float64Array.of(-2000),
      references: [Float64Array.of(-2001), Float64Array.of(-2001)],
      inside: [Uint8Array.of(1), Uint8Array.of(0)],
    };
    expect(logRatios(tiny, online)[0]).toBeCloseTo(1, 12);
    expect(logRatios(tiny, { mode: 'offline', a: 1 })[0]).toBeCloseTo(1, 12);
    // With a < 1, p(x) is at least (1 − a) / 2.
    expect(logRatios(tiny, { mode: 'offline', a: 0.5 })[0]).toBeCloseTo(-2000 - Math.log(0.25), 9);
  });
});

describe('dominatedShares', () => {
  it('on a case by hand: γ = 2 against ratios 1, 2 and 4', () => {
    // 5/1 > 2, 5/2 > 2, 5/4 is not; 2/1 is not more than 2.
    const shares = dominatedShares(logs([5, 2, 0.1]), logs([4, 1, 2]), 2);
    expect([...shares]).toEqual([2 / 3, 0, 0]);
    expect([...dominatedShares(logs([1, 2]), logs([4, 1, 2]), 1)]).toEqual([0, 1 / 3]);
    expect(dominatedShares(Float64Array.of(Number.NaN), logs([1]), 2)[0]).toBeNaN();
    expect(() => dominatedShares(logs([1]), logs([]), 2)).toThrow('internal');
  });

  it('is the triple loop over records, population and references', () => {
    const p = fc.integer({ min: 1, max: 64 }).map((n) => n / 64);
    const records = (size: number, models: number) =>
      fc.record({
        target: fc.array(p, { minLength: size, maxLength: size }),
        references: fc.array(
          fc.record({
            p: fc.array(p, { minLength: size, maxLength: size }),
            inside: fc.array(fc.constantFrom(0 as const, 1 as const), { minLength: size, maxLength: size }),
          }),
          { minLength: models, maxLength: models },
        ),
      });
    type Drawn = Parameters<typeof observedOf>[0];
    const observedOf = ({
      target,
      references,
    }: {
      target: number[];
      references: { p: number[]; inside: number[] }[];
    }): Observed => ({
      target: logs(target),
      references: references.map((r) => logs(r.p)),
      inside: references.map((r) => Uint8Array.from(r.inside)),
    });
    const plain = ({ target, references }: Drawn, i: number, prior: Prior): number => {
      const used = references.filter((r) => prior.mode === 'online' || r.inside[i] === 0);
      let sum = 0;
      for (const r of used) sum += r.p[i] as number;
      const mean = sum / used.length;
      const whole = prior.mode === 'online' ? mean : ((1 + prior.a) * mean + 1 - prior.a) / 2;
      return (target[i] as number) / whole;
    };
    const priors = fc.constantFrom<Prior>(
      online,
      ...[0, 0.3, 0.9, 1].map((a) => ({ mode: 'offline', a }) as const),
    );
    const cases = fc.integer({ min: 1, max: 4 }).chain((models) =>
      fc.record({
        x: records(4, models),
        z: records(6, models),
        prior: priors,
        gamma: fc.constantFrom(1, 1.5, 2),
      }),
    );
    fc.assert(
      fc.property(cases, ({ x, z, prior, gamma }) => {
        const others = logRatios(observedOf(z), prior).filter((ratio) => !Number.isNaN(ratio));
        fc.pre(others.length > 0);
        const shares = dominatedShares(logRatios(observedOf(x), prior), others, gamma);
        for (let i = 0; i < 4; i++) {
          const own = plain(x, i, prior);
          if (Number.isNaN(own)) {
            expect(shares[i]).toBeNaN();
            continue;
          }
          // Ratios that are equal but for rounding may fall on either side.
          let [sure, perhaps, count] = [0, 0, 0];
          for (let j = 0; j < 6; j++) {
            const other = plain(z, j, prior);
            if (Number.isNaN(other)) continue;
            count++;
            const lr = own / other / gamma;
            if (lr > 1 + 1e-9) sure++;
            else if (lr > 1 - 1e-9) perhaps++;
          }
          expect(shares[i]).toBeGreaterThanOrEqual(sure / count - 1e-12);
          expect(shares[i]).toBeLessThanOrEqual((sure + perhaps) / count + 1e-12);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('impliedA', () => {
  const implied = (...records: [outside: number, inside: number][]) =>
    impliedA({
      target: logs(records.map(() => 0.5)),
      references: [logs(records.map(([p]) => p)), logs(records.map(([, p]) => p))],
      inside: [new Uint8Array(records.length), new Uint8Array(records.length).fill(1)],
    });

  it('finds the a of P_in = a P_out + (1 − a), whatever the records', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.double({ min: 0.01, max: 0.95, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (a, outside) => {
          expect(implied(...outside.map((p) => [p, a * p + 1 - a] as [number, number]))).toBeCloseTo(a, 9);
        },
      ),
    );
  });

  it('is least squares: 1 − p of .5 and 1 outside, .1 and .4 inside', () => {
    // (.5 · .1 + 1 · .4) / (.25 + 1)
    expect(implied([0.5, 0.9], [1e-300, 0.6])).toBeCloseTo(0.45 / 1.25, 12);
  });

  it('is 1 where training lowers probabilities, and where no record tells', () => {
    expect(implied([0.9, 0.2])).toBe(1);
    expect(impliedA(one(0.5, [[0.3, 0]]))).toBe(1);
  });
});
