/** Studies of both families: each has its own table and figures, and membership stays as it is. */

import { describe, expect, it } from 'vitest';
import { structureOf } from '../../../test/report/page-structure.ts';
import { sampleInversion } from '../../../test/report/sample-inversion.ts';
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
/** Judge accuracy by defence and seed. */
const JUDGE: Readonly<Record<string, readonly number[]>> = { none: [0.8, 0.9], 'dp-sgd': [0.7, 0.8] };

/** Two membership attacks and one inversion on every target. */
function audits(): SampleAudit[] {
  const all = sampleAudits(GRID);
  for (const { report } of all) {
    const { defense, seed } = report.results[0]!;
    report.results.push(
      sampleInversion({
        ...{ attack: 'inversion/mi-face', start: 0.1, closer: 0.5, defense, seed, classes: 3, size: 4 },
        judge: JUDGE[defense.name]![seed]!,
      }),
    );
  }
  return all;
}
const study = summariseStudy(audits(), sampleAbout());

describe('a study of both families', () => {
  it('has rows with the figures of their family', () => {
    const [group] = studyTable(study);
    const rows = group!.rows.filter(({ table }) => table === 'inversion');
    expect(rows.map(({ attack, defense }) => [attack, defense])).toEqual([
      ['inversion/mi-face', 'none'],
      ['inversion/mi-face', 'dp-sgd'],
    ]);
    expect(Object.keys(rows[0]!.metrics)).toEqual([...STUDY_METRICS.inversion]);
    expect(rows[0]!.metrics.judgeAccuracy!.mean).toBeCloseTo(0.85, 12);
    expect(rows[0]!.metrics.memberCloser).toMatchObject({ mean: 0.5, count: 2 });
    expect(rows[1]!.change!.judgeAccuracy).toBeCloseTo(-0.1, 12);
    expect(rows[1]!.change!.auc).toBeUndefined();
    const others = group!.rows.filter(({ table }) => table === 'membership');
    expect(others).toHaveLength(4);
    for (const { metrics } of others) expect(Object.keys(metrics)).toEqual([...STUDY_METRICS.membership]);
  });

  it('repeats judge accuracy over seeds, and survives its own schema', () => {
    expect(studySchema.parse(JSON.parse(studyToJson(study)))).toBeDefined();
    const repeat = study.repeats.find(
      ({ attack, defense }) => attack === 'inversion/mi-face' && defense.name === 'none',
    );
    expect(repeat!.metrics.judgeAccuracy!.mean.value).toBeCloseTo(0.85, 12);
    expect(repeat!.metrics.judgeAccuracy!.spread).toBeCloseTo(Math.SQRT1_2 * 0.1, 12);
    expect(repeat!.metrics.auc).toBeUndefined();
    expect(repeat!.metrics.mseNormalised).toBeUndefined();
  });

  it('has a table of each family on the page', () => {
    const page = renderStudyHtml(study);
    structureOf(page);
    const heads = [
      ...page.slice(page.indexOf('<h2>Findings')).matchAll(/<table><thead>[\s\S]*?<\/thead>/g),
    ].map(([head]) =>
      head
        .replace(/<[^>]*>/g, '|')
        .replace(/\|+/g, '|')
        .replaceAll('\u00a0', ' '),
    );
    expect(heads[0]).toBe('|Defence|Test accuracy|TPR at 1 % FPR|AUC|Worst finding|Seeds|');
    expect(heads).toContain('|Defence|Test accuracy|Judge accuracy|Member closer|Worst finding|Seeds|');
    expect(page).toContain('−10.0 points vs none');
    expect(page).toContain('or what it looks like, and what do defences change?');
    expect(page).toContain('Reports with inversions show training records');
    const alone = renderStudyHtml(summariseStudy(sampleAudits(GRID), sampleAbout()));
    expect(alone).not.toMatch(/inversion|reconstruct|judge accuracy/i);
    expect(alone).toContain(
      'Can someone find out who was in the training data, and what do defences change?',
    );
  });

  it('has a table of each family on the terminal', () => {
    const text = renderStudyTerminal(study, { colour: false });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack +Defence +n +TPR +AUC +Acc\. +Level$/m);
    expect(text).toMatch(/^Attack +Defence +n +Judge +Closer +Acc\. +Level$/m);
    expect(text).toMatch(/^ {2}mi-face +none +2 +85 % +50 % .* Low$/m);
    expect(text).toMatch(/^ {2}mi-face +dp-sgd +2 +75 % +50 % .* Low$/m);
    for (const family of ['membership', 'inversion'])
      expect(text.replaceAll('\n', ' ')).toContain(`Attacks are ${family}/…`);
  });

  it('has every figure in the CSV', () => {
    const rows = studyToCsv(study).split('\n');
    const mine = rows.filter((row) => row.includes('inversion/mi-face'));
    for (const name of ['judgeAccuracy', 'memberCloser', 'memberCloserP', 'mse', 'diversity'])
      expect(mine.filter((row) => row.split(',').includes(name)).length).toBeGreaterThanOrEqual(4);
    const others = rows.filter((row) => !row.includes('inversion/'));
    expect(others).toEqual(studyToCsv(summariseStudy(sampleAudits(GRID), sampleAbout())).split('\n'));
  });

  it('is worded by its worst family', () => {
    const worst = audits();
    Object.assign(worst[0]!.report.results[2]!.verdict, { level: 'high' });
    for (const { report } of worst)
      for (const { attack, verdict } of report.results)
        if (attack.startsWith('membership/')) verdict.level = 'low';
    expect(renderStudyHtml(summariseStudy(worst, sampleAbout()))).toContain(
      '<h2>Reconstructions show training records of at least one model</h2>',
    );
  });
});
