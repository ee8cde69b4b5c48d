import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { auc, aucMetric } from './auc.ts';
import { aucDifference } from './auc-difference.ts';
import { normalCdf } from './normal.ts';
import { groupScores } from './roc.ts';

type Record3 = readonly [first: number, second: number, member: number];
const score = fc.integer({ min: 0, max: 6 });
const records = fc
  .array(fc.tuple(score, score, fc.constantFrom(0, 1)), { maxLength: 25 })
  .map((list): Record3[] => [...list, [1, 2, 1], [2, 5, 1], [3, 1, 0], [0, 2, 0]]);
const column = (list: readonly Record3[], c: 0 | 1 | 2) => list.map((r) => r[c]);

/** The paper's equations, all pairs written out: variances of both less twice the covariance. */
function bruteForce(list: readonly Record3[]): { value: number; variance: number } {
  const [members, others] = [1, 0].map((kind) => list.filter((r) => r[2] === kind)) as [Record3[], Record3[]];
  const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const v10 = ([0, 1] as const).map((c) => members.map((x) => mean(others.map((y) => psi(x[c], y[c])))));
  const v01 = ([0, 1] as const).map((c) => others.map((y) => mean(members.map((x) => psi(x[c], y[c])))));
  const covariance = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, v, i) => sum + (v - mean(a)) * (b[i]! - mean(b)), 0) / (a.length - 1);
  const entry = (r: 0 | 1, s: 0 | 1) =>
    covariance(v10[r]!, v10[s]!) / members.length + covariance(v01[r]!, v01[s]!) / others.length;
  return { value: mean(v10[0]!) - mean(v10[1]!), variance: entry(0, 0) + entry(1, 1) - 2 * entry(0, 1) };
}

describe('aucDifference', () => {
  it("has the paper's covariance, from all pairs", () => {
    let judged = 0;
    fc.assert(
      fc.property(records, (list) => {
        const [a, b, truth] = [column(list, 0), column(list, 1), column(list, 2)];
        const expected = bruteForce(list);
        const { difference, pValue } = aucDifference(a, b, truth);
        expect(difference.value).toBeCloseTo(expected.value, 12);
        expect(difference.value).toBeCloseTo(auc(groupScores(a, truth)) - auc(groupScores(b, truth)), 12);
        if (expected.variance < 1e-9) return;
        judged++;
        const deviation = Math.sqrt(expected.variance);
        expect(difference.high).toBeCloseTo(Math.min(1, expected.value + 1.959963984540054 * deviation), 9);
        expect(difference.low).toBeCloseTo(Math.max(-1, expected.value - 1.959963984540054 * deviation), 9);
        expect(pValue).toBeCloseTo(2 * normalCdf(-Math.abs(expected.value) / deviation), 9);
      }),
    );
    expect(judged).toBeGreaterThan(50);
  });

  it('changes sign with the order of the two', () => {
    fc.assert(
      fc.property(records, (list) => {
        const [a, b, truth] = [column(list, 0), column(list, 1), column(list, 2)];
        const there = aucDifference(a, b, truth);
        const back = aucDifference(b, a, truth);
        expect(back.difference.value).toBeCloseTo(-there.difference.value, 12);
        expect(back.difference.low).toBeCloseTo(-there.difference.high, 9);
        expect(back.pValue).toBeCloseTo(there.pValue, 6);
      }),
    );
  });

  it('sees between two correlated attacks what separate intervals hide', () => {
    const noise = stream(2, 'paired').normal(new Float32Array(1800));
    const truth = Uint8Array.from({ length: 600 }, (_, i) => i % 2);
    const shared = (weight: number, at: number) =>
      Float64Array.from(truth, (t, i) => noise[i]! + 0.3 * noise[at + i]! + weight * t);
    const [a, b] = [shared(1, 600), shared(0.8, 1200)];
    const { difference, pValue } = aucDifference(a, b, truth);
    expect(difference.low).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(0.01);
    expect(aucMetric(groupScores(b, truth)).high).toBeGreaterThan(aucMetric(groupScores(a, truth)).low);
  });

  it('does not claim certainty where two attacks rank alike', () => {
    const noise = stream(2, 'alike').normal(new Float32Array(400));
    const truth = Uint8Array.from({ length: 400 }, (_, i) => i % 2);
    const { difference, pValue } = aucDifference(
      noise,
      noise.map((v) => Math.exp(v)),
      truth,
    );
    expect([difference.value, pValue]).toEqual([0, 1]);
    expect(difference.low).toBeLessThan(-0.05);
    expect(difference.high).toBeGreaterThan(0.05);
  });

  it('tells a complete separation from none, though neither varies', () => {
    const truth = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
    const { difference, pValue } = aucDifference(truth, new Uint8Array(200), truth);
    // Both AUCs have exact bounds from 100 disjoint pairs, each at half of .05, one-sided .0125.
    const unseen = 1 - 0.0125 ** (1 / 100);
    expect(difference.value).toBe(0.5);
    expect(difference.low).toBeCloseTo(0.5 - unseen - unseen / 2, 12);
    expect(difference.high).toBeCloseTo(0.5 + unseen / 2, 12);
    // 0 is refuted while 1.5 unseen < .5, so until the error of one side is (2/3)^100.
    expect(pValue).toBeLessThan(1e-10);
  });

  it('knows nothing from one record of each kind', () => {
    const { low, high } = aucDifference([1, 0], [0, 1], [1, 0]).difference;
    expect([low, high]).toEqual([-1, 1]);
  });
});
