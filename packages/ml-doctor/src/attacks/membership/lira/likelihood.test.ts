import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaledConfidence } from './confidence.ts';
import { type Observed, offlineScores, onlineScores, type Variance } from './likelihood.ts';

interface Golden {
  readonly logits: readonly (readonly number[])[];
  readonly confidences: readonly (readonly number[])[];
  readonly target: readonly (readonly number[])[];
  readonly shadows: readonly (readonly (readonly number[])[])[];
  readonly inside: readonly (readonly number[])[];
  readonly scores: readonly {
    readonly views: number;
    readonly mode: 'online' | 'offline';
    readonly variance: Variance;
    readonly scores: readonly number[];
  }[];
}

/** Made with test/golden/lira.py. */
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../../../test/golden/lira.json', import.meta.url), 'utf8'),
);

const close = (actual: number, expected: number, what?: string) =>
  expect(Math.abs(actual - expected), what).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(expected)));

const observed = (views: number): Observed => ({
  target: golden.target.slice(0, views).map((row) => Float64Array.from(row)),
  shadows: golden.shadows.map((model) => model.slice(0, views).map((row) => Float64Array.from(row))),
  inside: golden.inside.map((row) => Uint8Array.from(row)),
});

/** One record, one view. */
const single = (phi: number, inside: readonly number[], outside: readonly number[]): Observed => ({
  target: [Float64Array.of(phi)],
  shadows: [...inside, ...outside].map((value) => [Float64Array.of(value)]),
  inside: [...inside.map(() => Uint8Array.of(1)), ...outside.map(() => Uint8Array.of(0))],
});

describe('scaledConfidence', () => {
  it('is ln(p / (1 − p)) to the last digits, where p itself rounds to 0 or 1', () => {
    golden.logits.forEach((row, i) => {
      row.forEach((_, label) => {
        close(scaledConfidence(Float32Array.from(row), label), golden.confidences[i]?.[label] as number);
      });
    });
  });

  it('is finite for posteriors saved as 0 or 1, beyond all others of their table', () => {
    const certain = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    // The logarithm of the least float32, 2⁻¹⁴⁹, is −103.28.
    expect(scaledConfidence(certain, 0)).toBe(104);
    expect(scaledConfidence(certain, 1)).toBe(-104);
    expect(scaledConfidence([0, -149 * Math.LN2, Number.NEGATIVE_INFINITY], 0)).toBeCloseTo(103.28, 2);
  });
});

describe('LiRA', () => {
  it.each(golden.scores)('$mode, $variance variance, $views views: the golden scores', (one) => {
    const score = one.mode === 'online' ? onlineScores : offlineScores;
    const found = score(observed(one.views), one.variance);
    expect(found).toHaveLength(one.scores.length);
    one.scores.forEach((expected, i) => {
      close(found[i] as number, expected, `record ${i}`);
    });
  });

  it('on a case by hand: 1 and 3 inside, −1 and 1 outside, φ = 2', () => {
    // Both deviations are 1: −0²/2 + 2²/2.
    close(onlineScores(single(2, [1, 3], [-1, 1]), 'per-example')[0] as number, 2);
    // Pooled: (2 + 2) / 2 degrees of freedom, deviation √2.
    close(onlineScores(single(2, [1, 3], [-1, 1]), 'fixed')[0] as number, 1);
    // Φ(2) = .97724986805182079, its odds 42.95598…
    close(
      offlineScores(single(2, [], [-1, 1]), 'per-example')[0] as number,
      Math.log(0.9772498680518208 / 0.02275013194817921),
    );
  });

  it('offline never ties: finite and growing from 1,000 deviations below to 1,000 above', () => {
    const at = (phi: number) => offlineScores(single(phi, [], [-1, 1]), 'per-example')[0] as number;
    // log P(Z ≤ −40) = −804.608442… (mpmath).
    close(at(-40), -804.6084420137538);
    close(at(40), 804.6084420137538);
    let last = Number.NEGATIVE_INFINITY;
    for (let phi = -1000; phi <= 1000; phi += 0.25) {
      const score = at(phi);
      expect(score).toBeGreaterThan(last);
      last = score;
    }
    expect(last).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('changes sign when inside and outside change places, and not when everything is shifted', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 7 });
    const variances = fc.constantFrom<Variance>('per-example', 'fixed');
    fc.assert(
      fc.property(fc.integer({ min: -90, max: 90 }), values, values, variances, (phi, a, b, variance) => {
        const score = onlineScores(single(phi, a, b), variance)[0] as number;
        const close = (other: number, expected: number) =>
          expect(Math.abs(other - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        close(onlineScores(single(phi, b, a), variance)[0] as number, -score);
        const by = (x: number) => x + 16;
        close(onlineScores(single(by(phi), a.map(by), b.map(by)), variance)[0] as number, score);
      }),
    );
  });

  it('with fixed variance ranks by (μ_in − μ_out)(φ − (μ_in + μ_out)/2), whatever the variance', () => {
    const middle = (values: readonly number[]) => {
      const s = [...values].sort((a, b) => a - b);
      return s.length === 4 ? ((s[1] as number) + (s[2] as number)) / 2 : Number.NaN;
    };
    const whole = observed(1);
    const found = onlineScores(whole, 'fixed');
    const plain = Array.from(found, (_, r) => {
      const of = (flag: number) =>
        middle(
          golden.shadows.flatMap((m, i) => (golden.inside[i]?.[r] === flag ? [m[0]?.[r] as number] : [])),
        );
      return (of(1) - of(0)) * ((golden.target[0]?.[r] as number) - (of(1) + of(0)) / 2);
    });
    const ranking = (scores: ArrayLike<number>) =>
      Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
    expect(ranking(found)).toEqual(ranking(plain));
  });

  it('stays finite where all shadow models agree', () => {
    for (const variance of ['per-example', 'fixed'] as const) {
      const online = onlineScores(single(7, [3, 3], [1, 1]), variance)[0] as number;
      expect(online).toBeGreaterThan(0);
      expect(online).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(Number.isFinite(offlineScores(single(7, [], [1, 1]), variance)[0])).toBe(true);
    }
  });

  it('refuses to guess from too few models', () => {
    expect(() => onlineScores(single(1, [1], [0, 1]), 'per-example')).toThrow('internal');
    expect(() => onlineScores(single(1, [], [0, 1]), 'fixed')).toThrow('internal');
  });
});
