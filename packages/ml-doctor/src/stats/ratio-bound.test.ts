import { describe, expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { type Proportion, ratioLowerBound, ratioMetric, ratioUpperBound } from './ratio-bound.ts';

const of = (successes: number, trials: number): Proportion => ({ successes, trials });

/** P(Bin(n, p) = k) by its definition. */
const probability = (k: number, n: number, p: number) => {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= ((n - k + i) / i) * p;
  return product * (1 - p) ** (n - k);
};

describe('the ratio of two proportions', () => {
  it('has the published bound of 473 of 984 against 755 of 1,705', () => {
    expect(ratioLowerBound(of(473, 984), of(755, 1705), 0.05)).toBeCloseTo(1.01166194, 8);
  });

  it("is Katz' interval by hand", () => {
    // 20 of 100 against 10 of 100: 2 times e^(±1.959964 √(.8/20 + .9/10)).
    const { value, low, high } = ratioMetric(of(20, 100), of(10, 100))!;
    expect(value).toBe(2);
    expect(low).toBeCloseTo(2 * Math.exp(-1.959963984540054 * Math.sqrt(0.13)), 12);
    expect(high).toBeCloseTo(2 * Math.exp(1.959963984540054 * Math.sqrt(0.13)), 12);
  });

  it('has exact bounds where there is no logarithm or no width', () => {
    const some = clopperPearson(7, 40);
    const none = clopperPearson(0, 30);
    // Two-sided 95 % limits have 2.5 % each: half of 5 %.
    expect(ratioLowerBound(of(7, 40), of(0, 30), 0.05)).toBeCloseTo(some.low / none.high, 12);
    expect(ratioLowerBound(of(0, 30), of(7, 40), 0.05)).toBe(0);
    expect(ratioUpperBound(of(0, 30), of(7, 40), 0.05)).toBeCloseTo(none.high / some.low, 12);
    expect(ratioUpperBound(of(7, 40), of(0, 30), 0.05)).toBe(Infinity);
    expect(ratioLowerBound(of(40, 40), of(40, 40), 0.05)).toBeCloseTo(0.025 ** (1 / 40), 12);
    expect(ratioMetric(of(7, 40), of(0, 30))).toBeUndefined();
    expect(ratioMetric(of(0, 30), of(7, 40))).toMatchObject({ value: 0, low: 0 });
  });

  it('bounds the ratio from below about as often as it says, summed exactly', () => {
    for (const [m, n, p, q] of [
      [60, 60, 0.3, 0.3],
      [60, 90, 0.4, 0.2],
      [50, 80, 0.5, 0.6],
    ] as const) {
      let missed = 0;
      for (let x = 0; x <= m; x++) {
        for (let y = 0; y <= n; y++) {
          if (ratioLowerBound(of(x, m), of(y, n), 0.05) > p / q)
            missed += probability(x, m, p) * probability(y, n, q);
        }
      }
      expect(missed).toBeGreaterThan(0.03);
      expect(missed).toBeLessThan(0.06);
    }
  });
});
