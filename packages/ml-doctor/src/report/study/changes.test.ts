/** Which results are held against which, and where the figures of the change come from. */

import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../test/report/sample-matrix.ts';
import { MOVER } from '../../stats/mover.ts';
import { attackKey, difference, SAME, withChanges } from './changes.ts';

const L2 = { name: 'l2', params: { lambda: 0.1 } };
const PAIR: readonly HandMade[] = [
  { id: 'n', defense: UNDEFENDED, attack: 0.7 },
  { id: 'd', defense: L2, attack: 0.6 },
];
const changeOf = (study: ReturnType<typeof handMade>, id: string) =>
  study.audits.find((audit) => audit.id === id)!.results[0]?.change;

describe('changes of results', () => {
  it('come from the two intervals where the records say nothing: squares of the reaches added', () => {
    const change = changeOf(handMade(PAIR), 'd')!;
    const { value, low, high, method } = change.metrics['balancedAccuracy']!;
    expect([change.from, method]).toEqual(['n', MOVER]);
    expect(value).toBeCloseTo(-0.1, 12);
    expect(low).toBeCloseTo(-0.1 - 0.01 * Math.SQRT2, 12);
    expect(high).toBeCloseTo(-0.1 + 0.01 * Math.SQRT2, 12);
    expect(changeOf(handMade(PAIR), 'n')).toBeUndefined();
  });

  it('come from the records where those say something, of that pair and result alone', () => {
    const result = handMade(PAIR).audits[1]!.results[0]!.id;
    const metrics = { balancedAccuracy: { value: -0.1, low: -0.11, high: -0.09, method: 'paired' } };
    const paired = (part: object) =>
      changeOf(handMade(PAIR, [{ from: 'n', audit: 'd', result, metrics, ...part }]), 'd')!.metrics;
    expect(paired({})).toEqual(metrics);
    for (const other of [{ from: 'x' }, { audit: 'n' }, { result: 'y' }])
      expect(paired(other)['balancedAccuracy']!.method).toBe(MOVER);
  });

  it('are exactly none where both figures are one, and of the accuracy as the records tell', () => {
    const none = { value: 0, low: 0, high: 0, method: SAME };
    const result = handMade(PAIR).audits[1]!.results[0]!.id;
    const from = { from: 'n', audit: 'd' };
    const same = handMade(PAIR, [{ ...from, result, metrics: 'same' }]);
    expect(changeOf(same, 'd')!.metrics).toEqual({ balancedAccuracy: none });
    const accuracyOf = (study: typeof same) => study.audits.map((audit) => audit.testAccuracyChange);
    expect(accuracyOf(same)).toEqual([
      undefined,
      { from: 'n', metric: expect.objectContaining({ method: MOVER }) },
    ]);
    expect(accuracyOf(handMade(PAIR, [{ ...from, metrics: 'same' }]))[1]!.metric).toEqual(none);
    const testAccuracy = { value: 0.1, low: 0, high: 0.2, method: 'paired' };
    const paired = handMade(PAIR, [{ ...from, metrics: { testAccuracy } }]);
    expect(accuracyOf(paired)[1]!.metric).toEqual(testAccuracy);
    expect(changeOf(paired, 'd')!.metrics['balancedAccuracy']!.method).toBe(MOVER);
  });

  it('need an undefended model of the same seed, model and data', () => {
    const [first, second] = PAIR as [HandMade, HandMade];
    for (const apart of [{ seed: 1 }, { model: 'cnn' }, { defense: { name: 'l2', params: { lambda: 2 } } }])
      expect(changeOf(handMade([{ ...first, ...apart }, second]), 'd')).toBeUndefined();
  });

  it('belong to an attack of equal parameters, whatever the defence lets it see', () => {
    const study = handMade(PAIR);
    const [none, defended] = study.audits as [(typeof study.audits)[0], (typeof study.audits)[0]];
    const spoilt = (part: object) =>
      withChanges([none, { ...defended, results: [{ ...defended.results[0]!, ...part }] }])[1]!.results[0]!;
    const label = { ...defended.results[0]!.threatModel, output: 'label' as const };
    expect(spoilt({ threatModel: label }).change).toBeDefined();
    const { change: _, ...bare } = defended.results[0]!;
    expect(
      withChanges([none, { ...defended, results: [{ ...bare, params: { a: 1 } }] }])[1]!.results[0]!.change,
    ).toBe(undefined);
    const through = (queries: number) => ({ ...bare, through: { attack: 's', params: {}, queries } });
    expect(attackKey(through(1))).toBe(attackKey(through(2)));
    expect(attackKey(through(1))).not.toBe(attackKey(bare));
  });
});

describe('difference', () => {
  const metric = (value: number, low: number | null, high: number | null) => ({
    value,
    low,
    high,
    method: 'm',
  });

  it('has an end where both figures have theirs', () => {
    expect(difference('epsilonLowerBound', metric(1, 1, null), metric(3, 3, null))).toEqual({
      ...metric(-2, null, null),
      method: 'none: a figure has an open end',
    });
    expect(difference('mse', metric(1, 0.5, null), metric(2, 1, 2))).toMatchObject({ low: -1.5, high: null });
    expect(difference('auc', metric(1, 0.5, 1), undefined)).toBeUndefined();
  });

  it('stays in the range of differences', () => {
    expect(difference('auc', metric(1, 0.3, 1), metric(0.1, 0, 0.9))).toMatchObject({ high: 1 });
    expect(difference('mse', metric(9, 3, 12), metric(0.1, 0, 0.9))).toMatchObject({ value: 8.9 });
    expect(difference('mse', metric(9, 3, 12), metric(0.1, 0, 0.9))!.high).toBeGreaterThan(11);
  });
});
