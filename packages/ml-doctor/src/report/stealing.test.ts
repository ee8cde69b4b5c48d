/** Stealing attacks, and attacks on a copy, in the report's schema, its ids, its order of findings, and on the terminal. */

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../test/report/sample-report.ts';
import {
  sampleReportOfFour,
  sampleStealing,
  sampleStealingReport,
  sampleThrough,
} from '../../test/report/sample-stealing.ts';
import { reportToJson, resultId } from './canonical.ts';
import { attackChoice, attackItself, attackLabels, labelsFor } from './labels.ts';
import { type Level, reportSchema } from './schema.ts';
import { renderTerminal } from './terminal.ts';
import { bySeverity, headlineOf, nextSteps } from './verdict/overall.ts';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

it('is written as it is, and leaves other results as they were', () => {
  const { results } = reportSchema.parse(JSON.parse(reportToJson(sampleStealingReport())));
  expect(results.map(({ copy }) => copy?.pool)).toEqual(['shadow', 'generator', undefined]);
  expect(results[0]!.curves.budget!.map(({ queries, cost }) => [queries, cost])).toEqual([
    [500, 0.5],
    [1000, 1],
    [2500, 2.5],
    [5000, 5],
  ]);
  expect(results[2]!.through).toMatchObject({ attack: 'stealing/posterior-matching', queries: 5000 });
  expect(reportToJson(sampleReport())).not.toMatch(/"(copy|through|budget)"/);
});

describe('the id of an attack on a copy', () => {
  const [stolen, , onCopy] = sampleStealingReport().results;
  const direct = { ...onCopy!, through: undefined };

  it('differs from that on the target, which stays what it was', () => {
    expect(onCopy!.id).not.toBe(resultId(direct));
    expect(resultId(direct)).toBe(sampleReport().results[0]!.id);
  });

  it('goes by how the copy was got, not by what it cost', () => {
    const through = onCopy!.through!;
    const id = (change: Partial<typeof through>) =>
      resultId({ ...onCopy!, through: { ...through, ...change } });
    expect(id({ queries: 7 })).toBe(onCopy!.id);
    const ids = [
      id({}),
      id({ attack: 'stealing/knockoff' }),
      id({ params: { ...stolen!.params, digits: 2 } }),
    ];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('labels', () => {
  const [, , onCopy] = sampleStealingReport().results;
  const [direct] = sampleReport().results;

  it('tell an attack from the same on a copy', () => {
    const choices = [direct!, onCopy!].map(attackChoice);
    expect(choices.map(labelsFor(choices))).toEqual([
      'membership/loss-threshold',
      'membership/loss-threshold (through stealing/posterior-matching)',
    ]);
    const other = { ...onCopy!, through: { ...onCopy!.through!, params: { digits: 2 } } };
    const copies = [onCopy!, other].map(attackChoice);
    expect(new Set(copies.map(labelsFor(copies))).size).toBe(2);
    expect(attackItself(onCopy!)).toEqual(attackItself(direct!));
  });

  it('name the copy also where nothing needs to be told apart', () => {
    expect([onCopy!, direct!].map(attackLabels([onCopy!, direct!]))).toEqual([
      'membership/loss-threshold through stealing/posterior-matching',
      'membership/loss-threshold',
    ]);
    expect(attackLabels([onCopy!])(onCopy!)).toContain(' through stealing/');
  });
});

describe('findings of four families', () => {
  it('go by their level, then stolen copies come last, by agreement and by what it adds', () => {
    const report = sampleReportOfFour();
    const level = (of: Level) => {
      for (const { verdict } of report.results) verdict.level = of;
    };
    level('low');
    const names = bySeverity(report.results).map(({ attack }) => attack);
    expect(names.slice(-2)).toEqual(['stealing/posterior-matching', 'stealing/data-free']);
    expect(names.at(-3)).toMatch(/^attribute/);
    report.results.find(({ attack }) => attack === 'stealing/data-free')!.verdict.level = 'moderate';
    expect(bySeverity(report.results)[0]!.attack).toBe('stealing/data-free');
    const copy = { architecture: 'MLP', pool: 'shadow', poolRecords: 10 };
    const of = (agreement: number, ownLabels: number) =>
      sampleStealing({ copy, agreements: [agreement], budgets: [5], ownLabels });
    const [best, more, less] = [of(0.8, 0.75), of(0.79, 0.1), of(0.79, 0.7)];
    for (const { verdict } of [best!, more!, less!]) verdict.level = 'low';
    expect(bySeverity([less!, more!, best!])).toEqual([best, more, less]);
  });

  it('have a headline for each level, and advice beside that of other families', () => {
    const [stolen] = sampleStealingReport().results;
    const headlines = (['high', 'moderate', 'low', 'inconclusive', 'none-found'] as const).map((level) =>
      headlineOf({ ...stolen!, verdict: { ...stolen!.verdict, level } }),
    );
    expect(new Set(headlines).size).toBe(5);
    expect(headlines[0]).toBe('The model can be copied by asking it');
    const steps = nextSteps(sampleReportOfFour()).join();
    expect(steps).toMatch(/Leave “sex”/);
    expect(steps).toMatch(/Limit queries for each customer/);
  });
});

describe('the terminal', () => {
  const text = renderTerminal(sampleReportOfFour(), { colour: false });

  it('has a table of copies in 80 columns, with who makes them and what they cost', () => {
    expect(widest(text)).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack +Agreement +Accuracy +Queries +Level$/m);
    expect(text).toMatch(/^stealing\/posterior-matching +93\.1 % +81\.9 % +5,000 +Moderate$/m);
    expect(text).toMatch(/^ {2}Liu et al.* +92 % to 94\.2 % +of 85\.2 % +cost 5$/m);
    expect(text).toMatch(/^ {2}black-box, shadow data$/m);
    expect(text).toMatch(/^ {2}black-box, generator$/m);
    expect(text.replaceAll('\n', ' ')).toContain('Accuracy: of the copy; below, of the model.');
  });

  it('says which attack was made on a copy', () => {
    const lines = text.split('\n').map((line) => line.slice(0, 34).trim());
    const at = lines.indexOf('through');
    expect(lines.slice(at, at + 3).join(' ')).toBe('through stealing/posterior-matching, 5,000 queries');
    expect(lines.filter((line) => line === 'through')).toHaveLength(1);
    const report = sampleStealingReport();
    report.results[2]!.verdict.level = 'high';
    expect(renderTerminal(report, { colour: false })).toContain(
      'membership/loss-threshold through stealing/posterior-matching: ',
    );
  });

  it('does without figures, and names pools', () => {
    const report = sampleStealingReport();
    const [stolen] = report.results;
    report.results = (['partial', 'uniform', 'adult'] as const).map((pool) => ({
      ...structuredClone(stolen!),
      id: resultId({ ...stolen!, params: { pool } }),
      params: { pool },
      copy: { ...stolen!.copy!, pool },
    }));
    const [first] = report.results;
    first!.metrics = {};
    first!.curves = {};
    const shown = renderTerminal(report, { colour: false });
    expect(shown).toMatch(/^ {2}black-box, some members$/m);
    expect(shown).toMatch(/^ {2}black-box, random inputs$/m);
    expect(shown).toMatch(/^ {2}black-box, adult$/m);
    expect(shown).toMatch(/^stealing\/posterior-matching +- +- +5,000 /m);
    expect(widest(shown)).toBeLessThanOrEqual(80);
  });

  it('drops what would steer it', () => {
    const report = sampleStealingReport();
    report.results[0]!.copy!.pool = 'a\u001b[2Jb';
    report.results[2]!.through!.attack = 'stealing/\u001b[2Jx';
    expect(renderTerminal(report, { colour: false })).not.toContain('\u001b');
  });
});

it('an attack on a copy keeps its family', () => {
  const [stolen] = sampleStealingReport().results;
  expect(headlineOf(sampleThrough(stolen!))).toBe('No leak found by these attacks');
});
