/** Intervals of medians, held against the published table of the sign test and against simulated draws. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { median, medianInterval, quantileOf } from './median.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('quantiles', () => {
  it('are those of R, type 7', () => {
    // quantile(c(7, 1, 3, 10), c(0, .25, .5, .75, 1))
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantileOf([7, 1, 3, 10], share))).toEqual([
      1, 2.5, 5, 7.75, 10,
    ]);
    expect(median([3])).toBe(3);
    expect(median([9, 1, 4])).toBe(4);
    expect(() => median([])).toThrow(/internal/);
  });
});

describe('the interval of a median', () => {
  it('has the ranks of the sign test', () => {
    // The critical values of the two-sided sign test at 5 %, plus one: k of n.
    const ranks = { 6: 1, 8: 1, 9: 2, 10: 2, 12: 3, 20: 6, 25: 8, 30: 10, 50: 18, 100: 40 };
    for (const [n, k] of Object.entries(ranks))
      expect([n, medianInterval(upTo(Number(n)))]).toEqual([n, { low: k, high: Number(n) + 1 - k }]);
  });

  it('is none of so few values that their extent says too little', () => {
    for (const n of [0, 1, 2, 5]) expect(medianInterval(upTo(n))).toBeUndefined();
    expect(medianInterval([5, 3, 9], 0.5)).toEqual({ low: 3, high: 9 });
  });

  it('covers the median of a skewed distribution as often as it says', () => {
    const trials = 2000;
    const values = stream(5, 'median-test').normal(new Float32Array(trials * 15));
    let covered = 0;
    for (let t = 0; t < trials; t++) {
      const { low, high } = medianInterval([...values.subarray(15 * t, 15 * t + 15)].map(Math.exp))!;
      if (low <= 1 && 1 <= high) covered++;
    }
    // Of 15 values the exact share is 96.5 %; four standard errors around it.
    expect(Math.abs(covered / trials - 0.96484)).toBeLessThan(0.0165);
  });
});
