/** The matrix as a table: a row for each cell, the missing ones too, and text that stays text. */

import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { SAME } from '../changes.ts';
import { studySchema } from '../study-schema.ts';
import { matricesOf } from './matrix.ts';
import { matrixToCsv } from './matrix-csv.ts';

const TARGETS: readonly HandMade[] = [
  { id: 'a', defense: UNDEFENDED, attack: 0.7, accuracy: 0.9 },
  { id: 'b', defense: { name: 'l2', params: { lambda: 1 }, adaptive: false }, attack: 0.6, accuracy: 0.8 },
  { id: 'c', defense: { name: 'top-k', params: {} }, holes: 1 },
];

/** No cell of these has a comma or a quotation mark but parameters, which come first to be cut out. */
function table(text: string): Record<string, string>[] {
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, (quoted) => quoted.replaceAll(',', ';')).split(','));
  return rows.map((row) => {
    expect(row).toHaveLength(header!.length);
    return Object.fromEntries(row.map((cell, i) => [header![i]!, cell]));
  });
}

describe('matrixToCsv', () => {
  const rows = table(matrixToCsv(matricesOf(handMade(TARGETS), { trainings: { a: 10, b: 25 } })));

  it('has every cell with all that is known of it', () => {
    expect(rows.map(({ defense, missing }) => [defense, missing])).toEqual([
      ['none', ''],
      ['l2', ''],
      ['top-k', 'failed'],
    ]);
    expect(rows[1]).toEqual({
      data: 'digits',
      data_params: '"{""split"":""ml-doctor-2022""}"',
      model: 'mlp',
      model_params: '"{""epochs"":60}"',
      attack: 'membership/loss-threshold',
      ...{ variant: '', attribute: '', through: '', access: 'black-box', auxiliary: 'none' },
      ...{ output: 'posteriors', attack_params: '{}' },
      ...{ defense: 'l2', defense_params: '"{""lambda"":1}"', adaptive: 'false' },
      ...{ metric: 'balancedAccuracy', value: '0.6', low: '0.59', high: '0.61', method: 'by hand' },
      ...{ change: '-0.1', change_low: '-0.114142', change_high: '-0.0858579' },
      change_method: 'square-and-add of the two intervals (MOVER)',
      effect: 'better',
      ...{ claimed_epsilon: '', claimed_delta: '' },
      ...{ test_accuracy: '0.8', test_accuracy_low: '0.79', test_accuracy_high: '0.81' },
      test_accuracy_change: '-0.1',
      test_accuracy_change_low: '-0.114142',
      test_accuracy_change_high: '-0.0858579',
      ...{ training_seconds: '25', training_time_ratio: '2.5', seeds: '0', missing: '' },
    });
    expect(rows[0]).toMatchObject({ adaptive: '', change: '', effect: '', training_time_ratio: '1' });
    expect(rows[2]).toMatchObject({ adaptive: 'true', value: '', seeds: '', training_seconds: '' });
  });

  it('has claims, what cannot have changed, and times of as many digits as they have', () => {
    const study = studySchema.parse(
      handMade(TARGETS.slice(0, 2), [{ from: 'a', audit: 'b', metrics: 'same' }]),
    );
    study.audits[1]!.privacy = { epsilon: 8, delta: 1e-5 };
    study.audits[1]!.results[0]!.change!.metrics = {
      balancedAccuracy: { value: 0, low: 0, high: 0, method: SAME },
    };
    const [, l2] = table(matrixToCsv(matricesOf(study, { trainings: { a: 1.9, b: 12.3456789 } })));
    expect(l2).toMatchObject({
      ...{ effect: 'same', change: '0', change_low: '0', change_high: '0', change_method: SAME },
      ...{ claimed_epsilon: '8', claimed_delta: '0.00001' },
      ...{ test_accuracy_change: '0', test_accuracy_change_high: '0' },
      ...{ training_seconds: '12.3457', training_time_ratio: '' },
    });
    study.audits[1]!.privacy = { epsilon: null, delta: 1e-5 };
    expect(table(matrixToCsv(matricesOf(study)))[1]).toMatchObject({
      ...{ claimed_epsilon: '', claimed_delta: '0.00001' },
    });
  });

  it('disarms formulas and quotes what would end a cell', () => {
    const [a, b] = TARGETS as [HandMade, HandMade];
    const text = matrixToCsv(
      matricesOf(
        handMade([
          { ...a, model: '=HYPERLINK("x")' },
          { ...b, model: '=HYPERLINK("x")', defense: { name: '@a,\n"b"', params: {} } },
        ]),
      ),
    );
    expect(text).toContain(',"\'=HYPERLINK(""x"")",');
    expect(text).toContain(',"\'@a,\n""b""",');
  });
});
