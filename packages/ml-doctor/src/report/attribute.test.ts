/** Attribute attacks in the report's schema, in its order of findings, and on the terminal. */

import { describe, expect, it } from 'vitest';
import {
  sampleAttribute,
  sampleAttributeReport,
  sampleReportOfAll,
} from '../../test/report/sample-attribute.ts';
import { sampleMixedReport } from '../../test/report/sample-inversion.ts';
import type { Draft } from '../../test/report/sample-report.ts';
import { reportToJson } from './canonical.ts';
import { attackAlone, attackChoice, labelsFor } from './labels.ts';
import { type Level, reportSchema } from './schema.ts';
import { renderTerminal } from './terminal.ts';
import { bySeverity, headlineOf, nextSteps } from './verdict/overall.ts';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the report schema', () => {
  it('takes attributes and findings, and writes them as they are', () => {
    const { results } = reportSchema.parse(JSON.parse(reportToJson(sampleReportOfAll())));
    expect(results.slice(-3).map(({ attribute }) => attribute)).toEqual(
      sampleAttributeReport().results.map(({ attribute }) => attribute),
    );
    expect(results.slice(-3).map(({ verdict }) => verdict.finding)).toEqual([
      ...['training-records', 'population', 'population'],
    ]);
    expect(reportToJson(sampleMixedReport())).not.toMatch(/"(attribute|finding)"/);
  });

  it.each<[string, (result: Draft['results'][number]) => void]>([
    ['a kind of its own', (r) => Object.assign(r.attribute!, { kind: 'rank' })],
    ['an attribute without a name', (r) => Object.assign(r.attribute!, { name: '' })],
    ['one category', (r) => Object.assign(r.attribute!, { categories: ['all'] })],
    ['part of a known record', (r) => Object.assign(r.attribute!, { auxiliaryRecords: 0.5 })],
    ['a finding of its own', (r) => Object.assign(r.verdict, { finding: 'everything' })],
    ['an unknown key', (r) => Object.assign(r.attribute!, { unit: 'years' })],
  ])('refuses %s', (_, spoil) => {
    const report = sampleAttributeReport();
    spoil(report.results[0]!);
    expect(reportSchema.safeParse(report).success).toBe(false);
  });
});

describe('labels', () => {
  it('name the attribute that is the data set’s own like one that was chosen', () => {
    const [sex, race] = sampleAttributeReport().results;
    delete sex!.params.attribute;
    const choices = [sex!, race!].map(attackChoice);
    expect(choices.map(labelsFor(choices))).toEqual([
      'attribute/embedding (attribute sex)',
      'attribute/embedding (attribute race)',
    ]);
    expect(attackAlone(sex!)).toEqual(attackAlone(race!));
  });

  it('keep a parameter of that name where no attribute is guessed', () => {
    const other = { ...sampleMixedReport().results[0]!, params: { attribute: 'x' } };
    expect(attackAlone(other)).toEqual(attackChoice(other));
  });
});

describe('findings of three families', () => {
  const order = (levels: readonly Level[]) => {
    const report = sampleReportOfAll();
    report.results.forEach((result, i) => {
      result.verdict.level = levels[i]!;
    });
    return bySeverity(report.results);
  };

  it('go by their level, then attributes come last, by what members lose and by the gain', () => {
    expect(order(['low', 'low', 'low', 'low', 'low', 'moderate', 'low'])[0]!.attribute!.name).toBe('race');
    const same = order(Array.from({ length: 7 }, () => 'low' as const));
    expect(same.map(({ attack, attribute }) => attribute?.name ?? attack.split('/')[0])).toEqual([
      ...['membership', 'membership', 'inversion', 'inversion', 'sex', 'age', 'race'],
    ]);
    const [sex] = sampleAttributeReport().results;
    const attribute = sex!.attribute!;
    const more = sampleAttribute({ attribute, attack: 0.8, imputation: 0.78, beyond: 0.05 });
    const less = sampleAttribute({ attribute, attack: 0.85, imputation: 0.78, beyond: 0.04 });
    expect([more, less].map(({ verdict }) => verdict.level)).toEqual(['moderate', 'moderate']);
    expect(bySeverity([less, more])[0]).toBe(more);
  });

  it('are worded by the family of the worst, and by a correlation', () => {
    const result = sampleAttributeReport().results[0]!;
    expect(headlineOf(result)).toBe('The model gives away something of a hidden attribute of people');
    Object.assign(result.verdict, { level: 'none-found', finding: 'correlation' });
    expect(headlineOf(result)).toBe('No leak found: a hidden attribute is guessed as well without the model');
    Object.assign(result.verdict, { level: 'inconclusive', reason: 'shifted-split', finding: undefined });
    expect(headlineOf(result)).toContain('The split is shifted');
  });

  it('advise on each finding that leaks', () => {
    const report = sampleAttributeReport();
    expect(nextSteps(report).join()).toMatch(/Leave “sex”.*Do not count on differential privacy/);
    expect(nextSteps(report).join()).not.toContain('“race”');
    report.results[1]!.verdict.level = 'none-found';
    report.results[2]!.verdict.level = 'none-found';
    expect(nextSteps(report).join()).not.toContain('Do not count on differential privacy');
  });
});

describe('the terminal', () => {
  const text = renderTerminal(sampleReportOfAll(), { colour: false });

  it('has a table for each family, in 80 columns, with the attribute of each attack', () => {
    expect(widest(text)).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack +Guessed +Gain +Members +Level$/m);
    expect(text).toMatch(/^attribute\/embedding +82\.3 % +\+7\.2 points +\+4\.1 points +Moderate$/m);
    expect(text).toMatch(/^ {2}guesses sex +75\.1 % +\+6\.0 to \+8\.4 +\+2\.6 to \+5\.6 +members$/m);
    expect(text).toMatch(/^attribute\/tabular +7\.91 off +\+19\.6 % +\+0\.4 points +Moderate$/m);
    expect(text).toMatch(/^ {2}guesses age +9\.84 off +\+18\.4 to \+20\.8 +−1\.1 to \+1\.9 +population$/m);
    // AUC alone has its lower end above nothing.
    expect(text).toMatch(/^attribute\/embedding +86\.1 % +\+0\.014 AUC +\+0\.2 points +Low$/m);
    expect(text).toContain('\n  black-box, knows 5,000\n');
    expect(text.replaceAll('\n', ' ')).toContain('below it, the same without the model. Gain: over that.');
  });

  it('tells variants apart beside the attribute, and drops what would steer the terminal', () => {
    const report = sampleAttributeReport();
    const [sex, race] = report.results;
    sex!.params.head = 'linear';
    race!.params.head = 'mlp';
    sex!.attribute!.name = 's\u001b[2Jex that has a name which is longer than its column';
    Object.assign(sex!.verdict, { level: 'inconclusive', reason: 'shifted-split' });
    const shown = renderTerminal(report, { colour: false });
    expect(shown).toMatch(/^ {2}head linear$/m);
    expect(shown).not.toContain('\u001b');
    expect(shown).toMatch(/Split shifted$/m);
    expect(widest(shown)).toBeLessThanOrEqual(80);
    expect(renderTerminal(sampleAttributeReport(), { colour: false })).not.toMatch(/AUC +Level|Judge:/);
  });
});
