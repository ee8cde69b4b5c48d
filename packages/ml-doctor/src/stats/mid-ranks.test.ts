/** Against scipy's values, brute force and closed forms. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pearson } from './correlation/correlation.ts';
import { rankCorrelation } from './correlation/rank-correlation.ts';
import { holm } from './holm.ts';
import { midRanks } from './mid-ranks.ts';

describe('ranks', () => {
  it('count what lies below, equals half', () => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (all) => {
        const brute = all.map(
          (one) => (all.filter((o) => o < one).length + all.filter((o) => o === one).length / 2) / all.length,
        );
        for (const [i, rank] of midRanks(all).entries()) expect(rank).toBeCloseTo(brute[i]!, 12);
      }),
    );
  });

  it('take infinities as values', () => {
    expect([...midRanks([Infinity, 0, Infinity, -Infinity])]).toEqual([0.75, 0.375, 0.75, 0.125]);
  });
});

describe('the rank correlation', () => {
  it('is 1 − 6 Σ d² / (n (n² − 1)) without ties', () => {
    // d = 1, −1, 0, 1, −1 of five ranks: 1 − 6 · 4 / 120.
    expect(rankCorrelation([1, 2, 3, 4, 5], [20, 10, 30, 50, 40])?.value).toBeCloseTo(0.8, 12);
  });

  it('gives ties their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])?.value).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it('has the interval of Bonett & Wright', () => {
    const values = Array.from({ length: 53 }, (_, i) => i);
    const other = values.map((i) => (i * 7) % 53);
    const { value, low, high } = rankCorrelation(values, other)!;
    const reach = 1.959963984540054 * Math.sqrt((1 + value ** 2 / 2) / 50);
    expect(Math.atanh(high) - Math.atanh(value)).toBeCloseTo(reach, 9);
    expect(Math.atanh(value) - Math.atanh(low)).toBeCloseTo(reach, 9);
  });

  it('is none where one of the two does not vary', () => {
    expect(rankCorrelation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5])).toBeUndefined();
    expect(pearson([0.1 + 0.2, 0.3, 0.3], [1, 2, 3])).toBeUndefined();
  });
});

describe("Holm's guard", () => {
  it('multiplies the smallest by all, the next by one fewer, and never falls', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(p, 12);
  });
  it('stays a probability', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});
