import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, aucMetric, pairShares, stratifiedAucMetric } from './auc.ts';
import { bestBalancedAccuracyMetric } from './best-balanced-accuracy.ts';
import type { Metric } from './metric.ts';
import { groupScores, rocCurve } from './roc.ts';
import { thinRoc } from './thin-roc.ts';
import { operatingPoint } from './tpr-at-fpr.ts';

/** Records with few distinct scores, so that ties within and between the groups are the rule. */
const records = fc
  .array(fc.record({ score: fc.integer({ min: -3, max: 4 }), member: fc.boolean() }), { maxLength: 40 })
  .map((list) => [...list, { score: 0, member: true }, { score: 1, member: false }]);
type Records = readonly { score: number; member: boolean }[];

const grouped = (list: Records) =>
  groupScores(
    list.map((r) => r.score / 8),
    list.map((r) => (r.member ? 1 : 0)),
  );
const rate = (list: Records, member: boolean, threshold: number) => {
  const group = list.filter((r) => r.member === member);
  return group.filter((r) => r.score / 8 >= threshold).length / group.length;
};
/** Every rule worth trying: one below each distinct score, and one above all. */
const thresholds = (list: Records) => [Infinity, ...new Set(list.map((r) => r.score / 8))];

describe('auc', () => {
  it('equals the count over all pairs, a tie being half', () => {
    fc.assert(
      fc.property(records, (list) => {
        const members = list.filter((r) => r.member);
        const others = list.filter((r) => !r.member);
        let won = 0;
        for (const a of members)
          for (const b of others) won += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
        expect(auc(grouped(list))).toBe(won / (members.length * others.length));
      }),
    );
  });

  it('is 1/2 for equal scores, 1 and 0 for separate ones', () => {
    expect(auc(groupScores([7, 7, 7, 7, 7], [1, 1, 0, 0, 0]))).toBe(0.5);
    expect(auc(groupScores([3, 2, 1, 0], [1, 1, 0, 0]))).toBe(1);
    expect(auc(groupScores([3, 2, 1, 0], [0, 0, 1, 1]))).toBe(0);
    expect(auc(groupScores([-0, 0], [1, 0]))).toBe(0.5);
  });

  it('is exact for groups whose pairs exceed 32 bits', () => {
    const n = 100_000;
    const scores = Float64Array.from({ length: 2 * n }, (_, i) => i);
    const truth = Uint8Array.from({ length: 2 * n }, (_, i) => i % 2);
    // Member 2i+1 beats the non-members 0, 2, …, 2i: i+1 of them.
    expect(auc(groupScores(scores, truth))).toBe((n * (n + 1)) / 2 / n ** 2);
  });
});

describe('aucMetric', () => {
  it("has DeLong's variance, from placements by the definition", () => {
    const scores = [0.9, 0.8, 0.8, 0.4, 0.7, 0.4, 0.3, 0.2, 0.1];
    const truth = [1, 1, 0, 1, 0, 0, 1, 0, 0];
    const members = scores.filter((_, i) => truth[i] === 1);
    const others = scores.filter((_, i) => truth[i] === 0);
    const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const variance = (values: number[]) =>
      values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1);
    const v10 = members.map((x) => mean(others.map((y) => psi(x, y))));
    const v01 = others.map((y) => mean(members.map((x) => psi(x, y))));
    const deviation = Math.sqrt(variance(v10) / members.length + variance(v01) / others.length);
    const value = mean(v10);
    const logit = Math.log(value / (1 - value));
    const reach = (1.959963984540054 * deviation) / (value * (1 - value));

    const metric = aucMetric(groupScores(scores, truth));
    expect(metric.value).toBeCloseTo(value, 14);
    expect(Math.log(metric.low / (1 - metric.low))).toBeCloseTo(logit - reach, 10);
    expect(Math.log(metric.high / (1 - metric.high))).toBeCloseTo(logit + reach, 10);
  });

  it('does not claim certainty when the groups separate or all scores are equal', () => {
    const separate = aucMetric(groupScores([5, 4, 3, 2, 1], [1, 1, 0, 0, 0]));
    expect(separate).toMatchObject({ value: 1, high: 1 });
    expect(separate.low).toBeCloseTo(Math.sqrt(0.025), 12);
    const reversed = aucMetric(groupScores([5, 4, 3, 2, 1], [0, 0, 0, 1, 1]));
    expect(reversed).toMatchObject({ value: 0, low: 0 });
    expect(reversed.high).toBeCloseTo(1 - Math.sqrt(0.025), 12);
    const equal = aucMetric(
      groupScores(
        new Float64Array(200),
        Uint8Array.from({ length: 200 }, (_, i) => i % 2),
      ),
    );
    expect(equal.value).toBe(0.5);
    expect(equal.high - 0.5).toBeCloseTo((1 - 0.025 ** (1 / 100)) / 2, 12);
    expect(equal.low + equal.high).toBeCloseTo(1, 12);
  });

  it('keeps the value inside finite limits for any scores', () => {
    fc.assert(
      fc.property(records, (list) => {
        const { value, low, high } = aucMetric(grouped(list));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
    for (const truth of [
      [1, 0],
      [0, 1],
      [1, 0, 0],
    ]) {
      const { low, high } = aucMetric(groupScores([1, 2, 3].slice(0, truth.length), truth));
      expect(high - low).toBeGreaterThan(0.9);
    }
  });
});

describe('stratifiedAucMetric', () => {
  it('counts the pairs within strata and adds up their variances', () => {
    const strata = [
      groupScores([9, 8, 7, 6, 5, 4], [1, 0, 1, 1, 0, 0]),
      groupScores([105, 104, 103, 102, 101], [0, 1, 1, 0, 1]),
    ];
    const [first, second] = strata.map((groups) => aucMetric(groups)) as [Metric, Metric];
    // 9 and 6 pairs within the strata; 7 and 2 of them are won.
    expect(pairShares(strata)).toEqual([0.6, 0.4]);
    const { value, low, high } = stratifiedAucMetric(strata);
    expect(value).toBeCloseTo(9 / 15, 14);
    const logit = (v: number) => Math.log(v / (1 - v));
    const deviation = (m: Metric) => ((logit(m.high) - logit(m.low)) / 2) * m.value * (1 - m.value);
    const combined = Math.hypot(0.6 * deviation(first), 0.4 * deviation(second));
    expect(logit(high) - logit(value)).toBeCloseTo(combined / (0.6 * 0.4), 10);
    expect(logit(value) - logit(low)).toBeCloseTo(combined / (0.6 * 0.4), 10);
  });

  it('does not compare across strata', () => {
    const groups = groupScores([3, 2, 1, 0], [1, 0, 1, 0]);
    const raised = groupScores([1003, 1002, 1001, 1000], [1, 0, 1, 0]);
    expect(stratifiedAucMetric([groups, raised])).toEqual(stratifiedAucMetric([groups, groups]));
  });

  it('has exact bounds from the disjoint pairs of all strata', () => {
    const separate = groupScores([3, 2, 1], [1, 1, 0]);
    expect(stratifiedAucMetric([separate, separate, separate]).low).toBeCloseTo(0.025 ** (1 / 3), 12);
  });
});

describe('rocCurve', () => {
  it('has a point for each distinct score and equals the scan over thresholds', () => {
    fc.assert(
      fc.property(records, (list) => {
        const roc = rocCurve(grouped(list));
        const scan = thresholds(list).sort((a, b) => b - a);
        expect([...roc.thresholds]).toEqual(scan);
        scan.forEach((threshold, k) => {
          expect(roc.falsePositives[k]! / roc.negatives).toBe(rate(list, false, threshold));
          expect(roc.truePositives[k]! / roc.positives).toBe(rate(list, true, threshold));
        });
      }),
    );
  });

  it('encloses the area that auc counts', () => {
    fc.assert(
      fc.property(records, (list) => {
        const { fpr, tpr } = thinRoc(rocCurve(grouped(list)));
        let area = 0;
        for (let k = 1; k < fpr.length; k++) area += ((fpr[k]! - fpr[k - 1]!) * (tpr[k]! + tpr[k - 1]!)) / 2;
        expect(area).toBeCloseTo(auc(grouped(list)), 12);
      }),
    );
  });
});

describe('operatingPoint', () => {
  it('is the best rule of a scan that respects the limit', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(0.001, 0.01, 0.1, 0.25, 0.5, 0.9), (list, limit) => {
        const allowed = thresholds(list).filter((threshold) => rate(list, false, threshold) <= limit);
        const best = Math.max(...allowed.map((threshold) => rate(list, true, threshold)));
        const point = operatingPoint(grouped(list), limit);
        expect(point.truePositives / list.filter((r) => r.member).length).toBe(best);
      }),
    );
  });

  it('does not interpolate between two scores', () => {
    // Half of the members share their score with a fifth of the non-members: at 10 % FPR that is out of reach.
    const scores = [...Array(10).fill(1), ...Array(10).fill(0)];
    const truth = [...Array(5).fill(1), ...Array(5).fill(0), ...Array(10).fill(0)];
    expect(operatingPoint(groupScores([...scores, 0], [...truth, 1]), 0.3).truePositives).toBe(0);
    expect(operatingPoint(groupScores([...scores, 0], [...truth, 1]), 1 / 3).truePositives).toBe(5);
  });

  it('allows exactly the decimal limit', () => {
    for (const [n, limit] of [
      [100, 0.01],
      [1000, 0.001],
      [3000, 0.001],
      [700, 0.01],
      [10_000, 0.001],
    ] as const) {
      const scores = Float64Array.from({ length: n + 1 }, (_, i) => i);
      const truth = Uint8Array.from({ length: n + 1 }, (_, i) => (i === 0 ? 1 : 0));
      const point = operatingPoint(groupScores(scores, truth), limit);
      expect(point.falsePositives).toBe(Math.round(n * limit));
    }
  });
});

describe('bestBalancedAccuracyMetric', () => {
  it('is the best of a scan over thresholds', () => {
    fc.assert(
      fc.property(records, (list) => {
        const scan = thresholds(list).map((t) => (rate(list, true, t) + 1 - rate(list, false, t)) / 2);
        const { value, low, high } = bestBalancedAccuracyMetric(rocCurve(grouped(list)));
        expect(value).toBeCloseTo(Math.max(...scan), 14);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
      }),
    );
  });

  it('has the limits of the two inequalities', () => {
    const scores = Float64Array.from({ length: 3000 }, (_, i) =>
      i < 1000 ? (i < 700 ? 1 : 0) : i < 1600 ? 1 : 0,
    );
    const truth = Uint8Array.from({ length: 3000 }, (_, i) => (i < 1000 ? 1 : 0));
    const { value, low, high } = bestBalancedAccuracyMetric(rocCurve(groupScores(scores, truth)));
    expect(value).toBeCloseTo((0.7 + 0.7) / 2, 14);
    const dkw = (n: number) => Math.sqrt(Math.log(80) / (2 * n));
    expect(low).toBeCloseTo(0.7 - (dkw(1000) + dkw(2000)) / 2, 12);
    expect(high).toBeCloseTo(0.7 + Math.sqrt((Math.log(40) * (1 / 1000 + 1 / 2000)) / 2) / 2, 12);
  });
});

describe('groupScores', () => {
  it('refuses what has no place on a curve', () => {
    expect(() => groupScores([1, Number.NaN], [1, 0])).toThrow(/internal: score 1 is NaN/);
    expect(() => groupScores([1, 2], [1, 2])).toThrow(/internal: truth 1 is 2/);
    expect(() => groupScores([1, 2], [1, 1])).toThrow(/internal: 2 positives and 0 negatives/);
    expect(() => groupScores([1], [1, 0])).toThrow(/internal: 1 scores for 2 truths/);
  });
});
