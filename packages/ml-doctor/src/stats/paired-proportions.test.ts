/** Against published examples, sums over all outcomes, and the extremes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialProbability } from './binomial.ts';
import { type PairedCounts, pairedProportions } from './paired-proportions.ts';

const counts = (both: number, onlyFirst: number, onlySecond: number, neither: number): PairedCounts => ({
  ...{ both, onlyFirst, onlySecond, neither },
});

describe('pairedProportions', () => {
  // Fagerland, Lydersen & Laake, Statistics in Medicine 33, 2014: first less second there.
  it.each([
    [counts(1, 1, 7, 12), 0.286, 0.026, 0.507],
    [counts(59, 6, 16, 80), 0.0621, 0.0046, 0.1186],
  ])('has the published limits of %o', (found, value, low, high) => {
    const metric = pairedProportions(found);
    expect(Math.abs(metric.value - value)).toBeLessThan(6e-4);
    expect(Math.abs(metric.low - low)).toBeLessThan(low < 0.01 ? 6e-5 : 6e-4);
    expect(Math.abs(metric.high - high)).toBeLessThan(6e-4);
  });

  it('covers the difference about as often as it says, summed over all outcomes', () => {
    const n = 60;
    /** Of three kinds of record: one right alone, the other alone, and the rest, `share` of which both have right. */
    const coverage = (first: number, second: number, share: number) => {
      let covered = 0;
      for (let b = 0; b <= n; b++)
        for (let c = 0; b + c <= n; c++) {
          const rest = n - b - c;
          const chance =
            binomialProbability(b, n, first) *
            (rest + c > 0 ? binomialProbability(c, rest + c, second / (1 - first)) : 1);
          if (chance < 1e-7) continue;
          const both = Math.round(rest * share);
          const { low, high } = pairedProportions(counts(both, b, c, rest - both));
          if (low <= second - first && second - first <= high) covered += chance;
        }
      return covered;
    };
    for (const [first, second] of [
      [0.05, 0.05],
      [0.15, 0.15],
      [0.1, 0.02],
      [0.02, 0.2],
    ] as const)
      for (const share of [0.6, 0.9]) {
        const found = coverage(first, second, share);
        expect(found).toBeGreaterThan(0.94);
        expect(found).toBeLessThan(0.995);
      }
  });

  it('turns round with the two, and lies within its range', () => {
    const count = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0);
        const [there, back] = [pairedProportions(counts(a, b, c, d)), pairedProportions(counts(a, c, b, d))];
        expect(there.value).toBe((c - b) / (a + b + c + d));
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.low).toBeGreaterThanOrEqual(-1);
        expect(there.low).toBeLessThanOrEqual(there.value);
        expect(there.high).toBeGreaterThanOrEqual(there.value);
      }),
    );
  });

  it('is narrower, the more records are answered alike', () => {
    const width = (found: PairedCounts) => {
      const { low, high } = pairedProportions(found);
      return high - low;
    };
    // Each time 160 and 150 of 200.
    expect(width(counts(149, 11, 1, 39))).toBeLessThan(0.6 * width(counts(120, 40, 30, 10)));
    expect(() => pairedProportions(counts(0, 0, 0, 0))).toThrow(/internal: /);
  });
});
