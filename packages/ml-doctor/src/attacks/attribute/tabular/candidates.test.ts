import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeFacts } from '../../../data/sensitive.ts';
import { weightedCandidates } from './candidates.ts';

const income: AttributeFacts = { name: 'income', kind: 'continuous', inRecord: true };
const city: AttributeFacts = {
  name: 'city',
  kind: 'categorical',
  categories: ['Ulm', 'Bonn', 'Jena'],
  inRecord: true,
};

describe('weightedCandidates', () => {
  it('are all categories with their shares, of those that nobody has 0', () => {
    const { values, shares } = weightedCandidates(city, Int32Array.of(2, 0, 2, 2), 10);
    expect(values).toEqual([0, 1, 2]);
    expect([...shares]).toEqual([0.25, 0, 0.75]);
    expect(() => weightedCandidates(city, new Int32Array(0), 10)).toThrow('internal');
  });

  it('of numbers are the lower medians of bins of equal frequency', () => {
    // 1 2 3 | 4 5 6 | 7 8 9 and 1 2 3 4 | 5 6 7 8.
    const nine = [9, 1, 8, 2, 7, 3, 6, 4, 5];
    expect(weightedCandidates(income, nine, 3)).toEqual({
      values: [2, 5, 8],
      shares: Float64Array.of(1 / 3, 1 / 3, 1 / 3),
    });
    expect(weightedCandidates(income, nine.slice(1), 2).values).toEqual([2, 6]);
  });

  it('of numbers that repeat share a bin: seven zeros of ten take the place of seven bins', () => {
    const { values, shares } = weightedCandidates(income, [0, 0, 0, 5, 0, 0, 9, 0, 7, 0], 10);
    expect(values).toEqual([0, 5, 7, 9]);
    expect([...shares]).toEqual([0.7, 0.1, 0.1, 0.1]);
  });

  it('stand for the known numbers: each for those from it to the next bin, by its share', () => {
    const numbers = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 12 }), (known, bins) => {
        const { values, shares } = weightedCandidates(income, known, bins);
        expect(values.length).toBeLessThanOrEqual(bins);
        expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        // By the definition: a value's bin is the share of smaller ones, in steps of 1 / bins.
        const binOf = (v: number) => Math.floor((bins * known.filter((w) => w < v).length) / known.length);
        const groups = new Map<number, number[]>();
        for (const v of [...known].sort((a, b) => a - b))
          groups.set(binOf(v), [...(groups.get(binOf(v)) ?? []), v]);
        expect(values).toEqual([...groups.values()].map((g) => g[Math.ceil(g.length / 2) - 1]));
        expect([...shares]).toEqual([...groups.values()].map((g) => g.length / known.length));
      }),
    );
  });
});
