/** Figures of a one-run audit never stand among those of attacks on the target: they are of canaries of another model. */

import { describe, expect, it } from 'vitest';
import { sectionOf } from '../../test/report/page-structure.ts';
import { CANARY_AUC, CANARY_TPR, oneRunResult } from '../../test/report/sample-one-run.ts';
import { sampleReport } from '../../test/report/sample-report.ts';
import { sampleAbout, sampleAudits } from '../../test/report/sample-study.ts';
import { formatMetric } from './format.ts';
import { curvesOf } from './html/charts/roc-chart.ts';
import { renderHtml } from './html/page.ts';
import { ONE_RUN } from './privacy.ts';
import type { Report, Result } from './schema.ts';
import { matricesOf } from './study/matrix/matrix.ts';
import { matrixSection } from './study/matrix/matrix-section.ts';
import { studyHeadline } from './study/overview.ts';
import { renderStudyHtml } from './study/study-html.ts';
import { studySchema } from './study/study-schema.ts';
import { studyTable } from './study/study-table.ts';
import { renderStudyTerminal } from './study/study-terminal.ts';
import { summariseStudy } from './study/summarise-study.ts';
import { renderTerminal } from './terminal.ts';
import { nextSteps } from './verdict/overall.ts';

const print = (name: string, value: number) =>
  formatMetric(name, { value, low: null, high: null, method: 'x' }).value;
const OF_CANARIES = [print('auc', CANARY_AUC), print('tprAtFpr0.01', CANARY_TPR)];

const report = (): Report => {
  const plain = sampleReport() as Report;
  return { ...plain, results: [...plain.results, oneRunResult(2.317)] };
};

/** Two seeds with and without a defence: the audit finds 2.3125 and 1.3125 undefended, half of each defended. */
const study = () => {
  const defenses = [
    { name: 'none', params: {} },
    { name: 'l2', params: { lambda: 0.1 } },
  ];
  const audits = sampleAudits({ data: ['digits'], models: ['mlp'], defenses, seeds: [0, 1] });
  for (const { report: each } of audits) {
    const epsilon = (2.3125 - each.seed) / (each.config.defense === 'none' ? 1 : 2);
    const { defense } = each.results[0]!;
    each.results.push({
      ...(structuredClone(oneRunResult(epsilon)) as (typeof each.results)[number]),
      defense,
    });
  }
  return studySchema.parse(summariseStudy(audits, sampleAbout()));
};

const keyFigures = (page: string) => sectionOf(page, 'Key figures');

describe('a report', () => {
  it('has no curve of it', () => {
    const { results } = report();
    expect(results.at(-1)!.curves.roc).toBeDefined();
    const curves = curvesOf(results);
    expect(curves).toEqual(curvesOf(results.slice(0, -1)));
    expect(curves.some(({ label }) => label.includes('one-run'))).toBe(false);
  });

  it('has a table of its own for it, with its bound', async () => {
    const page = keyFigures(await renderHtml(report()));
    for (const figure of OF_CANARIES) expect(page).not.toContain(figure);
    expect(page).toContain('<h3>Audits of the training: how private it is at most</h3>');
    expect(page).toContain('data-label="Epsilon, at least">at least 2.31<');
    const text = renderTerminal(report(), { colour: false });
    for (const figure of OF_CANARIES) expect(text).not.toContain(figure);
    const [, audit = ''] = text.split('Audit of the training');
    expect(audit).toMatch(/^ +Epsilon +Delta +Level\n/);
    expect(audit).toMatch(/membership\/one-run-audit +at least 2\.31 +0\.00001 +Low/);
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('gives its advice besides that of attacks', () => {
    const [advice] = oneRunResult(2.317).verdict.advice;
    expect(nextSteps(report())).toContain(advice);
  });
});

describe('a study', () => {
  it('has rows with its bound alone', () => {
    const rows = studyTable(study())[0]!.rows.filter(({ table }) => table === 'audit');
    expect(rows.map(({ metrics }) => Object.keys(metrics))).toEqual([
      ['epsilonLowerBound'],
      ['epsilonLowerBound'],
    ]);
    expect(rows[0]!.metrics.epsilonLowerBound).toMatchObject({ mean: 1.8125, least: 1.3125, most: 2.3125 });
    expect(rows[1]!.change?.auc).toBeUndefined();
  });

  it('tells changes and repeats of the bound alone', () => {
    const { audits, repeats } = study();
    const own = ({ attack }: Pick<Result, 'attack'>) => attack === ONE_RUN;
    const changes = audits.flatMap(({ results }) =>
      results.filter(own).flatMap(({ change }) => change ?? []),
    );
    expect(changes.map(({ metrics }) => Object.keys(metrics))).toEqual([
      ['epsilonLowerBound'],
      ['epsilonLowerBound'],
    ]);
    const told = repeats.filter(own);
    expect(told.map(({ metrics }) => Object.keys(metrics))).toEqual([
      ['epsilonLowerBound'],
      ['epsilonLowerBound'],
    ]);
    expect(told.map(({ changes }) => Object.keys(changes ?? {}))).toEqual([[], ['epsilonLowerBound']]);
    const others = repeats.filter((repeat) => !own(repeat));
    expect(others.length).toBeGreaterThan(0);
    for (const { metrics } of others) expect(Object.keys(metrics)).not.toContain('epsilonLowerBound');
  });

  it('shows none of its other figures, and says that means of bounds are such', () => {
    const text = renderStudyTerminal(study(), { colour: false });
    const spaced = (each: string) => each.replaceAll('\u00a0', ' ');
    const page = spaced(renderStudyHtml(study()));
    for (const figure of OF_CANARIES) {
      expect(text).not.toContain(figure);
      expect(page).not.toContain(figure);
    }
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Epsilon, mean of 95 % lower bounds 1.81 (no interval)');
    expect(page).toContain('data-label="Epsilon of the training, 95 % lower bound">1.81<');
    expect(spaced(matrixSection(study(), undefined).text)).toContain('Epsilon, mean of 95 % lower bounds');
    const one = study();
    const [matrix] = matricesOf({ ...one, audits: one.audits.filter(({ seed }) => seed === 0), repeats: [] });
    expect(matrix!.rows.find(({ asked }) => asked.attack === ONE_RUN)?.metric).toBe('epsilonLowerBound');
    const single = { ...one, audits: one.audits.filter(({ seed }) => seed === 0), repeats: [] };
    expect(matrixSection(single, undefined).text).toContain('>Epsilon, at least<');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('is headed by what it found of the training where that is the worst', () => {
    expect(studyHeadline({ attack: ONE_RUN, level: 'high' })).toMatch(/not as private as claimed/);
    expect(studyHeadline({ attack: ONE_RUN, level: 'moderate' })).not.toMatch(/identified/);
  });
});
