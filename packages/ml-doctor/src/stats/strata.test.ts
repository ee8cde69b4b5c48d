import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { shareDifference } from './difference.ts';
import { effectiveRepeats, meanMetric, meanOverStrata, type Stratum, shareMetric } from './strata.ts';
import { studentTQuantile } from './student-t.ts';

const equal = (...values: number[]): Stratum => values.map((value) => ({ value, share: 1 / values.length }));
const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

describe('shareMetric', () => {
  it('is Clopper-Pearson of all repeats where none is a copy', () => {
    const strata = [equal(1, 1, 0), equal(0, 1, 0), equal(1, 1, 1)];
    expect(shareMetric(strata, 'pictures')).toMatchObject({ value: 6 / 9, ...clopperPearson(6, 9) });
    expect(shareMetric(strata, 'pictures').method).toContain('9 different pictures');
  });

  it('counts copies once', () => {
    const one = [{ value: 1, share: 1 }];
    expect(shareMetric([one, one, equal(0)], 'pictures')).toMatchObject({
      value: 2 / 3,
      ...clopperPearson(2, 3),
    });
    const mostlyCopies = [
      { value: 1, share: 0.9 },
      { value: 0, share: 0.1 },
    ];
    expect(effectiveRepeats([mostlyCopies])).toBeCloseTo(1 / 0.82, 12);
    const { value, low, high } = shareMetric([mostlyCopies], 'pictures');
    expect([value, low, high]).toEqual([0.9, clopperPearson(0, 1).low, clopperPearson(1, 1).high]);
  });

  it('mirrors: the complement has the complementary interval, whole counts or not', () => {
    for (const values of [
      [1, 0, 1, 1],
      [0.5, 1, 0],
      [1, 1, 1],
      [0, 0, 0.5, 0, 0],
    ]) {
      const a = shareMetric([equal(...values)], 'x');
      const b = shareMetric([equal(...values.map((v) => 1 - v))], 'x');
      expect([1 - a.value, 1 - a.high, 1 - a.low]).toEqual(
        [b.value, b.low, b.high].map((v) => expect.closeTo(v, 12)),
      );
    }
  });

  it('weighs groups alike, whatever their repeats', () => {
    expect(meanOverStrata([equal(1), equal(0, 0, 0, 1)])).toBe(0.625);
    // 4 / (1 + 1/4): the single repeat governs.
    expect(effectiveRepeats([equal(1), equal(0, 0, 0, 1)])).toBeCloseTo(3.2, 12);
  });
});

describe('meanMetric', () => {
  it("is Student's interval for one group", () => {
    const values = [1.2, 3.4, 2.2, 5.1, 0.3];
    const mean = values.reduce((a, b) => a + b) / 5;
    const s2 = values.reduce((a, v) => a + (v - mean) ** 2, 0) / 4;
    const { value, low, high } = meanMetric([equal(...values)], ANY);
    expect(value).toBeCloseTo(mean, 12);
    const reach = studentTQuantile(0.975, 4) * Math.sqrt(s2 / 5);
    expect([low, high]).toEqual([expect.closeTo(mean - reach, 10), expect.closeTo(mean + reach, 10)]);
  });

  it('adds variances within groups, with the degrees of freedom of all where groups are alike', () => {
    const strata = [equal(0, 2), equal(10, 12), equal(5, 7)];
    const { value, low, high } = meanMetric(strata, ANY);
    // Variance of each group mean 2/2 = 1, of the mean of three 3/9; one degree of freedom each.
    const reach = studentTQuantile(0.975, 3) * Math.sqrt(1 / 3);
    expect([value, low, high]).toEqual([6, expect.closeTo(6 - reach, 10), expect.closeTo(6 + reach, 10)]);
  });

  it('goes by the differences between groups where one has a single repeat', () => {
    const { value, low, high, method } = meanMetric([equal(1), equal(3, 5)], ANY);
    const reach = studentTQuantile(0.975, 1) * Math.sqrt(4.5 / 2);
    expect([value, low, high]).toEqual([
      2.5,
      expect.closeTo(2.5 - reach, 10),
      expect.closeTo(2.5 + reach, 10),
    ]);
    expect(method).toContain('between classes');
  });

  it('stays in range, and claims nothing of a single repeat', () => {
    expect(meanMetric([equal(0.9, 0.1)], [0, 1])).toMatchObject({ low: 0, high: 1 });
    expect(meanMetric([equal(0.3)], [0, 1])).toMatchObject({ value: 0.3, low: 0, high: 1 });
    expect(meanMetric([equal(3)], [0, Number.POSITIVE_INFINITY])).toMatchObject({ low: 0, high: 3 });
    expect(meanMetric([equal(3)], [0, 5]).method).toContain('none');
    expect(meanMetric([equal(2, 2), equal(4, 4)], ANY)).toMatchObject({ value: 3, low: 3, high: 3 });
  });

  it('covers as often as it says with copies among the repeats', () => {
    let covered = 0;
    const SAMPLES = 400;
    for (let seed = 0; seed < SAMPLES; seed++) {
      const z = stream(seed, 'strata-test').normal(new Float32Array(12));
      const strata = [0, 4, 8].map((from) =>
        [0.4, 0.2, 0.2, 0.2].map((share, i) => ({ share, value: from + z[from + i]! })),
      );
      const { low, high } = meanMetric(strata, ANY);
      if (low <= 4 && high >= 4) covered++;
    }
    // Binomial standard error .011: four of them below .95.
    expect(covered / SAMPLES).toBeGreaterThan(0.905);
  });
});

describe('shareDifference', () => {
  it('adds squared distances to the limits, and mirrors', () => {
    const a = { value: 0.6, low: 0.3, high: 0.8, method: '' };
    const b = { value: 0.2, low: 0.1, high: 0.6, method: '' };
    // .3 and .4 make .5; .2 and .1 make √.05.
    expect(shareDifference(a, b).value).toBeCloseTo(0.4, 12);
    expect(shareDifference(a, b).low).toBeCloseTo(-0.1, 12);
    expect(shareDifference(a, b).high).toBeCloseTo(0.4 + Math.sqrt(0.05), 12);
    expect(shareDifference(b, a).high).toBeCloseTo(0.1, 12);
    const sure = { value: 1, low: 0.7, high: 1, method: '' };
    const never = { value: 0, low: 0, high: 0.3, method: '' };
    expect(shareDifference(sure, never)).toMatchObject({ value: 1, high: 1 });
    expect(shareDifference(never, sure)).toMatchObject({ value: -1, low: -1 });
  });
});
