/** Studies with attribute attacks: attributes are told apart, and gains stand where other families have their figures. */

import { describe, expect, it } from 'vitest';
import { structureOf } from '../../../test/report/page-structure.ts';
import { sampleAttribute, sampleAttributeReport } from '../../../test/report/sample-attribute.ts';
import { type SampleAudit, sampleAbout, sampleAudits } from '../../../test/report/sample-study.ts';
import { studyToCsv } from './study-csv.ts';
import { renderStudyHtml } from './study-html.ts';
import { studySchema, studyToJson } from './study-schema.ts';
import { ERROR_METRICS, STUDY_METRICS, studyTable } from './study-table.ts';
import { renderStudyTerminal } from './study-terminal.ts';
import { summariseStudy } from './summarise-study.ts';

const GRID = {
  data: ['adult'],
  models: ['mlp'],
  defenses: [
    { name: 'none', params: {} },
    { name: 'dp-sgd', params: {} },
  ],
  seeds: [0, 1],
};

/** One attack on two attributes and one on a number, on every target. */
function audits(): SampleAudit[] {
  const all = sampleAudits(GRID);
  for (const { report } of all) {
    const { defense, seed } = report.results[0]!;
    const lost = (defense.name === 'none' ? 0 : 0.04) - 0.01 * seed;
    report.results = sampleAttributeReport().results.map(({ attribute }, i) =>
      i === 2
        ? sampleAttribute({
            ...{ name: 'tabular', attribute: attribute!, attack: 8 + 20 * lost, imputation: 10 },
            ...{ beyond: 0.004, defense, seed },
          })
        : sampleAttribute({
            ...{ attribute: attribute!, attack: 0.82 - i / 50 - lost, imputation: 0.75, beyond: 0.04 },
            ...{ defense, seed },
          }),
    );
  }
  return all;
}
const study = summariseStudy(audits(), sampleAbout());

describe('a study of attributes', () => {
  it('has a row for each attribute, with the figures of its kind', () => {
    const rows = studyTable(study).flatMap((group) => group.rows);
    expect(rows.map(({ attack, attribute, defense }) => [attack, attribute, defense])).toEqual([
      ['attribute/embedding (attribute sex)', 'sex', 'none'],
      ['attribute/embedding (attribute sex)', 'sex', 'dp-sgd'],
      ['attribute/embedding (attribute race)', 'race', 'none'],
      ['attribute/embedding (attribute race)', 'race', 'dp-sgd'],
      ['attribute/tabular', 'age', 'none'],
      ['attribute/tabular', 'age', 'dp-sgd'],
    ]);
    expect(Object.keys(rows[0]!.metrics)).toEqual([...STUDY_METRICS.attribute]);
    expect(Object.keys(rows[4]!.metrics)).toEqual([...ERROR_METRICS]);
    expect(rows[0]!.metrics.accuracyGain!.mean).toBeCloseTo(0.075, 12);
    expect(rows[1]!.change!.accuracyGain).toBeCloseTo(-0.04, 12);
    expect(rows[5]!.change!.errorReduction).toBeCloseTo(-0.08, 12);
    expect(rows[0]!.finding).toBe('training-records');
    expect(rows[4]!.finding).toBe('population');
  });

  it('repeats gains over seeds, below nothing too, and survives its own schema', () => {
    expect(studySchema.parse(JSON.parse(studyToJson(study)))).toBeDefined();
    const of = (name: string) => study.repeats.find(({ attribute }) => attribute!.name === name)!.metrics;
    expect(of('sex').accuracyGain!.mean.value).toBeCloseTo(0.075, 12);
    expect(of('sex').accuracyGain!.spread).toBeCloseTo(Math.SQRT1_2 * 0.01, 12);
    expect(of('age').memberErrorReduction!.mean.low).toBeLessThan(0);
    expect(of('age').meanAbsoluteError!.mean.value).toBeCloseTo(7.9, 12);
    expect(of('age').auc).toBeUndefined();
  });

  it('has a table of its own on the page', () => {
    const page = renderStudyHtml(study);
    structureOf(page);
    expect(page).toContain('a hidden attribute of a person, and what do defences change?');
    const heads = [
      ...page.slice(page.indexOf('<h2>Findings')).matchAll(/<table[^>]*><thead>[\s\S]*?<\/thead>/g),
    ].map(([head]) => head.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|'));
    expect(heads[0]).toBe(
      '|Defence|Test accuracy|Guessed right|Gain over no model|Members beyond others|Worst finding|Seeds|',
    );
    expect(heads[1]).toContain('|Accuracy|Gain in accuracy|');
    expect(heads[1]).not.toContain('rror');
    expect(heads[2]).toContain('|Mean absolute error|Error reduction|');
    expect(page).toContain('−4.0 points vs none');
    expect(page).toContain('−8.0 points vs none');
    expect(page).toContain('attribute/tabular <small>guesses age</small>');
    expect(page).toContain('attribute/embedding (attribute sex)</th>');
  });

  it('has gains on the terminal, in 80 columns', () => {
    const text = renderStudyTerminal(study, { colour: false });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack +Defence +n +Gain +Members +Acc\. +Level$/m);
    expect(text).toMatch(/^ {2}embedding \(attribute sex\) +none +2 +\+7\.5 +\+4\.0 .* Moderate$/m);
    expect(text).toMatch(/^ {2}tabular: age +dp-sgd +2 +\+13\.0 % +\+0\.4 .* Moderate$/m);
    expect(text.replaceAll('\n', ' ')).toContain('Attacks are attribute/…');
  });

  it('has attribute and finding in the CSV', () => {
    const [header, ...rows] = studyToCsv(study).trimEnd().split('\n');
    const at = (name: string) => header!.split(',').indexOf(name);
    expect(at('attribute')).toBeGreaterThan(0);
    const simple = rows.map((row) => row.replace(/"(?:[^"]|"")*"/g, 'Q').split(','));
    const mine = simple.filter(
      (row) => row[at('attribute')] === 'sex' && row[at('metric')] === 'accuracyGain',
    );
    expect(mine).toHaveLength(4 + 2);
    expect(new Set(mine.map((row) => row[at('variant')]))).toEqual(new Set(['attribute sex']));
    expect(mine.map((row) => row[at('finding')])).toEqual([...Array(4).fill('training-records'), '', '']);
  });

  it('is worded by its worst finding', () => {
    expect(renderStudyHtml(study)).toContain(
      '<h2>At least one model gives away something of a hidden attribute of people</h2>',
    );
    const none = audits();
    for (const { report } of none)
      for (const { verdict } of report.results)
        Object.assign(verdict, { level: 'none-found', finding: 'correlation' });
    expect(renderStudyHtml(summariseStudy(none, sampleAbout()))).toContain(
      '<h2>No leak found: a hidden attribute is guessed as well without the model</h2>',
    );
  });
});
