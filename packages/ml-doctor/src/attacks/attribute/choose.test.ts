import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, largestPlaces, normalised, smallestPlaces, weightedMedian } from './choose.ts';

describe('places', () => {
  it('of the largest and smallest, with those that are near', () => {
    expect(largestPlaces([1, 3, 2, 3], 0)).toEqual([1, 3]);
    expect(smallestPlaces([2, 1, 3, 1], 0)).toEqual([1, 3]);
    expect(largestPlaces([0.999, 1, 0.9], 0.01)).toEqual([0, 1]);
    expect(smallestPlaces([1, 1.005, 1.02], 0.01)).toEqual([0, 1]);
    expect(largestPlaces([0, 0], 0.01)).toEqual([0, 1]);
    const never = Number.POSITIVE_INFINITY;
    expect(largestPlaces([1, never, never], 0.01)).toEqual([1, 2]);
    expect(smallestPlaces([never, 0, 1e-300], 0.01)).toEqual([1]);
  });

  it('are drawn from with equal chances, always the same for a record', () => {
    const draws = Array.from({ length: 3000 }, (_, id) => drawn([1, 4, 6], 5, id));
    expect(Array.from({ length: 3000 }, (_, id) => drawn([1, 4, 6], 5, id))).toEqual(draws);
    // Five standard deviations of a binomial with p = 1/3.
    for (const place of [1, 4, 6])
      expect(Math.abs(draws.filter((d) => d === place).length - 1000)).toBeLessThan(130);
    expect(draws).not.toEqual(Array.from({ length: 3000 }, (_, id) => drawn([1, 4, 6], 6, id)));
    expect(drawn([7], 5, 0)).toBe(7);
  });
});

describe('normalised', () => {
  it('sums to 1, and says nothing where nothing is left', () => {
    expect([...normalised(Float64Array.of(1, 3))]).toEqual([0.25, 0.75]);
    expect([...normalised(Float64Array.of(0, 0))]).toEqual([0.5, 0.5]);
  });
});

describe('weightedMedian', () => {
  it('has the least expected absolute error of all candidates', () => {
    const weight = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 9 }), (weights) => {
        fc.pre(weights.some((w) => w > 0));
        const values = weights.map((_, i) => i * i - 7);
        const cost = (guess: number) =>
          weights.reduce((sum, w, i) => sum + w * Math.abs(guess - values[i]!), 0);
        expect(cost(weightedMedian(values, weights))).toBe(Math.min(...values.map(cost)));
      }),
    );
  });
});
