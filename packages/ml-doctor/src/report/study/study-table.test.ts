/** The table holds what a reader would work out by hand from the audits' reports. */

import { describe, expect, it } from 'vitest';
import {
  SAMPLE_GRID,
  sampleAbout,
  sampleAudits,
  sampleCell,
  sampleStudy,
} from '../../../test/report/sample-study.ts';
import type { Level } from '../schema.ts';
import { studyTable, worstLevel } from './study-table.ts';
import { summariseStudy } from './summarise-study.ts';

const none = { name: 'none', params: {} };
const l2 = { name: 'l2', params: { lambda: 0.001 } };

/** One attack on a model, with figures as given. */
function audit(
  seed: number,
  defense: typeof none,
  figures: { auc: number; tail?: number; accuracy: number | null; level?: Level; data?: object },
) {
  const report = sampleCell('digits', 'mlp', defense, seed);
  const [result] = report.results;
  const metric = (value: number) => ({ value, low: null, high: null, method: 'none' });
  result!.metrics = { auc: metric(figures.auc) };
  if (figures.tail !== undefined) result!.metrics['tprAtFpr0.01'] = metric(figures.tail);
  result!.verdict.level = figures.level ?? 'low';
  report.results = [result!];
  report.target.testAccuracy = figures.accuracy === null ? null : metric(figures.accuracy);
  report.config = { ...report.config, data: { catalog: 'digits', ...figures.data } };
  return { id: `a${seed}${defense.name}${JSON.stringify(figures.data ?? '').replace(/\W/g, '')}`, report };
}

const tableOf = (...audits: ReturnType<typeof audit>[]) => studyTable(summariseStudy(audits, sampleAbout()));

describe('studyTable', () => {
  it('averages over seeds, and keeps the range and the most worrying level', () => {
    const [group] = tableOf(
      audit(1, none, { auc: 0.75, tail: 0.25, accuracy: 0.5, level: 'low' }),
      audit(0, none, { auc: 0.5, tail: 0.125, accuracy: 0.75, level: 'moderate' }),
    );
    expect(group!.rows).toHaveLength(1);
    const [row] = group!.rows;
    expect(row!.audits.map(({ seed }) => seed)).toEqual([0, 1]);
    expect(row!.metrics.auc).toEqual({ mean: 0.625, least: 0.5, most: 0.75, count: 2 });
    expect(row!.metrics['tprAtFpr0.01']).toEqual({ mean: 0.1875, least: 0.125, most: 0.25, count: 2 });
    expect(row!.testAccuracy).toEqual({ mean: 0.625, least: 0.5, most: 0.75, count: 2 });
    expect(row!.level).toBe('moderate');
    expect(row!.change).toBeUndefined();
  });

  it('averages what is known, and goes by seed', () => {
    const [group] = tableOf(
      audit(10, none, { auc: 0.5, tail: 0.25, accuracy: null }),
      audit(9, none, { auc: 0.5, accuracy: 0.5 }),
      audit(11, none, { auc: 0.5, tail: 0.75, accuracy: 0.75 }),
    );
    const [row] = group!.rows;
    expect(row!.audits.map(({ seed }) => seed)).toEqual([9, 10, 11]);
    expect(row!.metrics['tprAtFpr0.01']).toEqual({ mean: 0.5, least: 0.25, most: 0.75, count: 2 });
    expect(row!.testAccuracy).toEqual({ mean: 0.625, least: 0.5, most: 0.75, count: 2 });
  });

  it('sets a defence against undefended', () => {
    const [group] = tableOf(
      audit(0, l2, { auc: 0.5, accuracy: 0.5 }),
      audit(0, none, { auc: 0.75, accuracy: 1 }),
      audit(1, l2, { auc: 0.5, accuracy: 0.75 }),
      audit(1, none, { auc: 1, accuracy: 0.75 }),
    );
    const [undefended, defended] = group!.rows;
    expect([undefended!.defense, defended!.defense]).toEqual(['none', 'l2']);
    expect(undefended!.change).toBeUndefined();
    expect(defended!.change).toEqual({ auc: -0.375, testAccuracy: -0.25, sameSeeds: true });
  });

  it('says nothing it does not know', () => {
    const [group] = tableOf(
      audit(0, none, { auc: 0.75, accuracy: null }),
      audit(1, l2, { auc: 0.5, accuracy: 0.5 }),
    );
    const [undefended, defended] = group!.rows;
    expect(undefended!.testAccuracy).toBeUndefined();
    expect(undefended!.metrics['tprAtFpr0.01']).toBeUndefined();
    expect(defended!.change).toEqual({ auc: -0.25, testAccuracy: undefined, sameSeeds: false });
    const [alone] = tableOf(audit(1, l2, { auc: 0.5, accuracy: 0.5 }));
    expect(alone!.rows[0]!.change).toBeUndefined();
  });

  it('keeps apart what differs in more than the seed', () => {
    const groups = tableOf(
      audit(0, none, { auc: 0.5, accuracy: 0.5, data: { recordsPerRole: 100 } }),
      audit(1, none, { auc: 0.7, accuracy: 0.5, data: { recordsPerRole: 200 } }),
    );
    expect(groups.map(({ data }) => data)).toEqual([
      'digits (recordsPerRole 100)',
      'digits (recordsPerRole 200)',
    ]);
    const [first, second] = [
      audit(0, none, { auc: 0.5, accuracy: 0.5 }),
      audit(1, none, { auc: 0.7, accuracy: 0.5 }),
    ];
    first!.report.results[0]!.params = { shadows: 4 };
    second!.report.results[0]!.params = { shadows: 8 };
    const [group] = tableOf(first!, second!);
    expect(group!.rows.map(({ attack }) => attack)).toEqual([
      'membership/loss-threshold (shadows 4)',
      'membership/loss-threshold (shadows 8)',
    ]);
    expect(group!.rows.map(({ audits, planned }) => [audits.length, planned])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('counts as missing what failed, and not what the study left out', () => {
    const [first, second, third] = [0, 1, 2].map((seed) => audit(seed, none, { auc: 0.5, accuracy: 0.5 }));
    second!.report.results = [];
    third!.report.results = [];
    third!.report.holes = [{ task: 'attack', code: 'OG_DIVERGED', message: 'm.', hint: 'h', blocked: [] }];
    const [group] = tableOf(first!, second!, third!);
    expect(group!.rows.map(({ audits, planned }) => [audits.length, planned])).toEqual([[1, 2]]);
  });

  it('puts data sets, models, attacks and defences in order, undefended first', () => {
    const groups = studyTable(summariseStudy(sampleAudits(), sampleAbout()));
    expect(groups.map(({ data, model }) => [data, model])).toEqual(
      SAMPLE_GRID.data.flatMap((data) => SAMPLE_GRID.models.map((model) => [data, model])),
    );
    const defenses = ['none', 'l2 (lambda 0.001)', 'l2 (lambda 0.01)', 'dp-sgd'];
    for (const { rows } of groups)
      expect(rows.map(({ attack, defense }) => [attack, defense])).toEqual(
        ['membership/loss-threshold', 'membership/shadow-classifier'].flatMap((attack) =>
          defenses.map((defense) => [attack, defense]),
        ),
      );
  });

  it('keeps a data set together that the grid comes back to', () => {
    const [a, b] = [sampleCell('a', 'mlp', none, 0), sampleCell('b', 'mlp', none, 0)];
    const again = sampleCell('a', 'cnn', none, 0);
    const study = summariseStudy(
      [a, b, again].map((report, i) => ({ id: `r${i}`, report })),
      sampleAbout(),
    );
    expect(studyTable(study).map(({ data, model }) => `${data} ${model}`)).toEqual([
      'a mlp',
      'a cnn',
      'b mlp',
    ]);
  });

  it('counts what is missing, and names the audits without any result', () => {
    const [group] = studyTable(sampleStudy().study);
    const rows = group!.rows.filter(({ defense }) => defense === 'l2 (lambda 0.001)');
    expect(rows.map(({ audits, planned }) => [audits.length, planned])).toEqual([
      [2, 3],
      [1, 3],
    ]);
    expect(rows.map(({ change }) => change?.sameSeeds)).toEqual([false, false]);
    expect(group!.silent.map(({ defense, audit }) => [defense, audit.seed])).toEqual([
      ['l2 (lambda 0.001)', 1],
    ]);
  });
});

describe('worstLevel', () => {
  it.each<[Level[], Level | undefined]>([
    [['low', 'high', 'none-found'], 'high'],
    [['none-found', 'inconclusive'], 'inconclusive'],
    [[], undefined],
  ])('of %j is %s', (levels, worst) => expect(worstLevel(levels)).toBe(worst));
});
