/** Studies with stealing attacks: copies have figures of their own, and an attack on a copy is never the attack on the target. */

import { describe, expect, it } from 'vitest';
import { structureOf } from '../../../test/report/page-structure.ts';
import { sampleStealing, sampleThrough } from '../../../test/report/sample-stealing.ts';
import { type SampleAudit, sampleAbout, sampleAudits } from '../../../test/report/sample-study.ts';
import { studyToCsv } from './study-csv.ts';
import { renderStudyHtml } from './study-html.ts';
import { studySchema, studyToJson } from './study-schema.ts';
import { STUDY_METRICS, studyTable } from './study-table.ts';
import { renderStudyTerminal } from './study-terminal.ts';
import { summariseStudy } from './summarise-study.ts';

const GRID = {
  data: ['digits'],
  models: ['mlp'],
  defenses: [
    { name: 'none', params: {} },
    { name: 'dp-sgd', params: {} },
  ],
  seeds: [0, 1],
};
const THIEF = 'stealing/posterior-matching';

/** On every target a copy, and loss-threshold on the target and on the copy. */
function audits(): SampleAudit[] {
  const all = sampleAudits(GRID);
  for (const { report } of all) {
    const direct = report.results[0]!;
    const { defense, seed } = direct;
    const agreement = (defense.name === 'none' ? 0.9 : 0.85) + 0.02 * seed;
    const copy = sampleStealing({
      copy: { architecture: 'mlp', pool: 'shadow', poolRecords: 5000 },
      agreements: [0.5, agreement],
      // The second seed's copy had less to ask about.
      budgets: [500, 5000 - 1000 * seed],
      ownLabels: 0.7,
      params: { budgets: [500, 5000] },
      defense,
      seed,
    });
    const through = sampleThrough(copy);
    const { threatModel, params } = direct;
    report.results = [
      direct,
      copy,
      {
        ...through,
        threatModel,
        params,
        defense,
        seed,
        metrics: { auc: { value: 0.5, low: 0.4, high: 0.6, method: 'simulated' } },
      },
    ];
  }
  return all;
}
const study = summariseStudy(audits(), sampleAbout());

describe('a study of copies', () => {
  const rows = studyTable(study).flatMap((group) => group.rows);

  it('has agreement, accuracy, divergence and queries of each copy', () => {
    const copies = rows.filter(({ table }) => table === 'stealing');
    expect(copies.map(({ attack, defense }) => [attack, defense])).toEqual([
      [THIEF, 'none'],
      [THIEF, 'dp-sgd'],
    ]);
    const [undefended, defended] = copies;
    expect(Object.keys(undefended!.metrics)).toEqual([...STUDY_METRICS.stealing]);
    expect(undefended!.metrics.agreement!.mean).toBeCloseTo(0.91, 12);
    expect(undefended!.metrics.klDivergence!.mean).toBeCloseTo(0.09, 12);
    expect(undefended!.metrics.queries).toEqual({ mean: 4500, least: 4000, most: 5000, count: 2 });
    expect(defended!.change!.agreement).toBeCloseTo(-0.05, 12);
  });

  it('keeps an attack on the copy apart from the same attack on the target', () => {
    const membership = rows.filter(({ table, defense }) => table === 'membership' && defense === 'none');
    expect(membership.map(({ attack, through }) => [attack, through])).toEqual([
      ['membership/loss-threshold', undefined],
      [`membership/loss-threshold through ${THIEF}`, THIEF],
    ]);
    expect(membership.map(({ metrics }) => metrics.auc!.mean === 0.5)).toEqual([false, true]);
    expect(membership.every(({ audits: each }) => each.length === 2)).toBe(true);
    const repeats = study.repeats.filter(
      ({ attack, defense }) => attack === 'membership/loss-threshold' && defense.name === 'none',
    );
    // What the copy cost differs between the seeds, and is no part of the question.
    expect(repeats.map(({ through, seeds }) => [through?.attack, seeds])).toEqual([
      [undefined, [0, 1]],
      [THIEF, [0, 1]],
    ]);
    expect(membership.map(({ repeat }) => repeat!.metrics.auc!.mean.value === 0.5)).toEqual([false, true]);
  });

  it('repeats agreement over seeds, and survives its own schema', () => {
    expect(studySchema.parse(JSON.parse(studyToJson(study)))).toBeDefined();
    const { metrics } = study.repeats.find(({ attack }) => attack === THIEF)!;
    expect(metrics.agreement!.mean.value).toBeCloseTo(0.91, 12);
    expect(metrics.agreement!.spread).toBeCloseTo(Math.SQRT1_2 * 0.02, 12);
    expect(metrics.klDivergence!.mean.value).toBeCloseTo(0.09, 12);
    expect(metrics.agreementGain!.mean.value).toBeCloseTo(0.21, 12);
  });

  it('has a table of its own on the page', () => {
    const page = renderStudyHtml(study);
    structureOf(page);
    const heads = [
      ...page.slice(page.indexOf('<h2>Findings')).matchAll(/<table[^>]*><thead>[\s\S]*?<\/thead>/g),
    ].map(([head]) => head.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|'));
    expect(heads).toContain(
      '|Defence|Test accuracy|Agreement|Accuracy of the copy|KL divergence|Queries|Worst finding|Seeds|',
    );
    expect(page).toContain('4,500<span class="interval">4,000 to 5,000</span>');
    expect(page).toContain('−5.0 points vs none');
    expect(page).toContain(`membership/loss-threshold through ${THIEF}`);
  });

  it('has agreement and queries on the terminal, in 80 columns', () => {
    const text = renderStudyTerminal(study, { colour: false });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack +Defence +n +Agree +Queries +Acc\. +Level$/m);
    expect(text).toMatch(/^ {2}posterior-matching +none +2 +91 % +4,500 +\S+ % /m);
    expect(text).toMatch(/^ {2}loss-threshold +none +2 /m);
    expect(text).toMatch(
      /^ {2}loss-threshold \(copy\) +none +2 .*\n {4}through a copy by stealing\/posterior-matching; AUC 0\.500/m,
    );
    expect(text.replaceAll('\n', ' ')).toContain('Attacks are stealing/…');
  });

  it('has copies and queries in the CSV', () => {
    const [header, ...lines] = studyToCsv(study).trimEnd().split('\n');
    const columns = header!.split(',');
    const cells = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, 'Q').split(','));
    const at = (row: readonly string[], name: string) => row[columns.indexOf(name)];
    expect(cells.every((row) => row.length === columns.length)).toBe(true);
    const agreement = cells.filter((row) => at(row, 'metric') === 'agreement');
    expect(agreement.map((row) => at(row, 'queries'))).toEqual(['5000', '4000', '5000', '4000', '', '']);
    const through = cells.filter((row) => at(row, 'through') === THIEF);
    expect(new Set(through.map((row) => at(row, 'metric')))).toEqual(new Set(['auc']));
    expect(through.map((row) => at(row, 'audit') === '')).toEqual([...Array(4).fill(false), true, true]);
    expect(new Set(through.map((row) => at(row, 'value')))).toEqual(new Set(['0.5']));
  });

  it('is worded by its worst finding', () => {
    const worst = audits();
    for (const { report } of worst)
      for (const { attack, verdict } of report.results)
        Object.assign(verdict, { level: attack === THIEF ? 'high' : 'low' });
    expect(renderStudyHtml(summariseStudy(worst, sampleAbout()))).toContain(
      '<h2>At least one model can be copied by asking it</h2>',
    );
  });
});
