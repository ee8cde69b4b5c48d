/** What a defence is worth, by hand. */

import { describe, expect, it } from 'vitest';
import { around, type SampleTarget, sampleEvidence } from '../../../../test/analysis/sample-evidence.ts';
import { negative, ownerDefences, perPoint } from './defences.ts';

const metric = (value: number, low: number | null, high: number | null) => ({
  value,
  low,
  high,
  method: 'm',
});

describe('what goes per point of accuracy lost', () => {
  it('is the quotient, with the widest limits that both intervals allow', () => {
    const worth = perPoint(metric(0.2, 0.1, 0.3), metric(0.04, 0.02, 0.05))!;
    expect(worth.value).toBeCloseTo(0.05, 12);
    expect(worth.low).toBeCloseTo(0.02, 12);
    expect(worth.high).toBeCloseTo(0.15, 12);
  });
  it('has no upper limit where no loss is shown, and none at all where the attack may gain too', () => {
    expect(perPoint(metric(0.2, 0.1, 0.3), metric(0.04, -0.01, 0.05))).toMatchObject({ high: null });
    expect(perPoint(metric(0.2, -0.1, 0.3), metric(0.04, -0.01, 0.05))).toMatchObject({
      low: null,
      high: null,
    });
  });
  it('of an attack that gains is below 0', () => {
    const worth = perPoint(metric(-0.2, -0.3, -0.1), metric(0.04, 0.02, 0.05))!;
    expect([worth.low, worth.value, worth.high].map((one) => Number(one!.toFixed(6)))).toEqual([
      -0.15, -0.05, -0.02,
    ]);
  });
  it('is nothing where no accuracy is lost', () => {
    expect(perPoint(metric(0.2, 0.1, 0.3), metric(0, -0.1, 0.1))).toBeNull();
  });
});

it('the negative swaps limits, open ones too', () => {
  expect(negative(metric(1, null, 3))).toEqual(metric(-1, -3, null));
});

describe('defences of one model', () => {
  const none: SampleTarget = { data: 'celeba', model: 'simple-cnn', modes: { 'MemInf <B,S>': 0.8 } };
  const l2: SampleTarget = {
    ...{ ...none, testAccuracy: 0.66, modes: { 'MemInf <B,S>': 0.6 } },
    defense: { name: 'l2', params: { lambda: 0.1 } },
  };

  it('cost points of accuracy, as a share less a share is', () => {
    const { finding } = ownerDefences.build(sampleEvidence([none, l2]));
    expect(finding).toContain('takes 0.200 of the balanced accuracy');
    expect(finding).toContain('and loses 4.0 points of test accuracy');
  });

  it('add to an error, by one figure for all of them', () => {
    const inverted = (name: string, metrics: Readonly<Record<string, number>>): SampleTarget => ({
      ...{ ...none, modes: { 'ModInv <W,N>': 1 }, defense: { name, params: {} } },
      report: (report) => ({
        ...report,
        results: report.results.map((result) => ({
          ...result,
          metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, around(value)])),
        })),
      }),
    });
    const before = inverted('none', { judgeAccuracy: 0.6, mse: 0.05 });
    const judged = inverted('l2', { judgeAccuracy: 0.5, mse: 0.09 });
    const unjudged = inverted('dropout', { mse: 0.25 });
    const both = ownerDefences.build(sampleEvidence([before, judged, unjudged]));
    expect(both.finding).toContain('l2 takes 0.100 of the judge accuracy of inversion/mi-face');
    expect(both.tables[0]!.rows).toHaveLength(1);
    expect(both.holes.map(({ what }) => what)).toEqual(['dropout']);
    const error = ownerDefences.build(sampleEvidence([before, unjudged]));
    expect(error.finding).toContain('dropout adds 0.200 to the MSE to the class mean of inversion/mi-face');
    expect(error.tables[0]!.columns[1]!.label).toBe('More MSE to the class mean');
    const { values } = (error.charts[0]!.spec as unknown as { data: { values: { value: number }[] } }).data;
    expect(values[0]!.value).toBeCloseTo(0.2, 9);
  });

  it('are not held against the model under another seed', () => {
    expect(() => ownerDefences.build(sampleEvidence([none, { ...l2, seed: 1 }]))).toThrow(
      expect.objectContaining({ code: 'MLD_EVIDENCE_MIXED' }),
    );
  });
});
