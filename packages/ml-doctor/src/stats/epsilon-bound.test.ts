import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { epsilonLowerBound } from './epsilon-bound.ts';

const decisions = (truePositives: number, positives: number, falsePositives: number, negatives: number) => ({
  ...{ truePositives, positives, falsePositives, negatives },
});

/** P(Bin(n, p) = k) by its definition. */
const probability = (k: number, n: number, p: number) => {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= ((n - k + i) / i) * p;
  return product * (1 - p) ** (n - k);
};

describe('epsilonLowerBound', () => {
  it('has a closed form for an attack without errors', () => {
    for (const [m, n] of [
      [1000, 1000],
      [500, 2000],
    ] as const) {
      // No error in n trials leaves room for 1 - .025^(1/n).
      const [fnr, fpr] = [1 - 0.025 ** (1 / m), 1 - 0.025 ** (1 / n)];
      const expected = Math.log(Math.max((1 - fnr) / fpr, (1 - fpr) / fnr));
      expect(epsilonLowerBound(decisions(m, m, 0, n))).toBeCloseTo(expected, 10);
    }
    expect(epsilonLowerBound(decisions(1000, 1000, 0, 1000))).toBeCloseTo(5.6006, 3);
  });

  it('uses the upper limits of both rates', () => {
    const [missed, alarms] = [clopperPearson(400, 1000).high, clopperPearson(20, 1000).high];
    const found = epsilonLowerBound(decisions(600, 1000, 20, 1000), { delta: 1e-5 });
    expect(found).toBeCloseTo(Math.log((1 - 1e-5 - missed) / alarms), 12);
    // The mirror image: few misses, many alarms.
    expect(epsilonLowerBound(decisions(980, 1000, 400, 1000), { delta: 1e-5 })).toBeCloseTo(found, 12);
  });

  it('finds nothing where the attack guesses, and less with a larger delta', () => {
    expect(epsilonLowerBound(decisions(500, 1000, 500, 1000))).toBe(0);
    expect(epsilonLowerBound(decisions(0, 10, 0, 10))).toBe(0);
    const found = [0, 0.1, 0.3, 0.6, 1].map((delta) =>
      epsilonLowerBound(decisions(600, 1000, 20, 1000), { delta }),
    );
    for (let i = 1; i < found.length; i++) expect(found[i]).toBeLessThanOrEqual(found[i - 1]!);
    expect(found.at(-1)).toBe(0);
  });

  it('exceeds the truth of randomised response no more often than it says, summed exactly', () => {
    for (const epsilon of [0.2, 1, 2.5]) {
      const right = Math.exp(epsilon) / (1 + Math.exp(epsilon));
      const n = 40;
      let wrong = 0;
      for (let t = 0; t <= n; t++) {
        for (let f = 0; f <= n; f++) {
          if (epsilonLowerBound(decisions(t, n, f, n), { error: 0.1 }) > epsilon)
            wrong += probability(t, n, right) * probability(f, n, 1 - right);
        }
      }
      expect(wrong).toBeLessThanOrEqual(0.1);
      expect(wrong).toBeGreaterThan(0.001);
    }
  });

  it('never falls with better decisions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (t, f) => {
        const bound = epsilonLowerBound(decisions(t, 100, f, 100));
        if (t < 100 && t >= f)
          expect(epsilonLowerBound(decisions(t + 1, 100, f, 100))).toBeGreaterThanOrEqual(bound);
      }),
    );
    expect(() => epsilonLowerBound(decisions(1, 2, 1, 2), { delta: 2 })).toThrow(/internal/);
  });
});
