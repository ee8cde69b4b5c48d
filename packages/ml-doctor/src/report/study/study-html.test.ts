/** The page of a study: whole, closed to the outside, and with everything a reader needs to judge it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, structureOf } from '../../../test/report/page-structure.ts';
import { sampleRun } from '../../../test/report/sample-report.ts';
import { sampleAbout, sampleAudits, sampleStudy } from '../../../test/report/sample-study.ts';
import { escapeHtml } from '../html/markup.ts';
import { renderStudyHtml } from './study-html.ts';
import { type StudyReport, studySchema } from './study-schema.ts';
import { summariseStudy } from './summarise-study.ts';

const { study } = sampleStudy();
const page = renderStudyHtml(study, sampleRun());

/** The table's cells as text, a row of each. */
function rowsOf(text: string): string[][] {
  return rowsMatching(text, /<tr><th scope="row" class="name" data-label[\s\S]*?<\/tr>/g);
}

/** Those of the figures over seeds. */
function repeatsOn(text: string): string[][] {
  return rowsMatching(text, /<tr><th scope="row" class="name">[\s\S]*?<\/tr>/g);
}

function rowsMatching(text: string, row: RegExp): string[][] {
  return [...text.matchAll(row)].map(([row]) =>
    row.split(/<\/t[dh]>/).map((cell) =>
      cell
        .replace(/<[^>]*>/g, '|')
        .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
        .replaceAll('\u00a0', ' ')
        .replace(/\s*\|[|\s]*/g, '|'),
    ),
  );
}

/** The sample with every free text replaced. */
function withText(text: string): StudyReport {
  const [audit] = study.audits;
  const named = { name: text, params: { [text]: text } };
  const metrics = { auc: { value: 0.5, low: null, high: null, method: text } };
  const hostile = {
    ...audit!,
    ...{ data: named, model: named, defense: named },
    results: [{ ...audit!.results[0]!, attack: text, params: { [text]: text }, metrics }],
  };
  return {
    ...study,
    name: text,
    tool: { name: text, version: text },
    command: text,
    config: { [text]: text },
    audits: [
      hostile,
      { ...hostile, id: 'b', data: { name: text, params: { [text]: 1 } } },
      { ...hostile, id: 'c', results: [] },
    ],
    holes: [{ task: text, code: text, message: text, hint: text, blocked: [text] }],
  };
}

describe('renderStudyHtml', () => {
  it('is well-formed and goes from verdict to details', () => {
    structureOf(page);
    const parts = [
      '<h1>',
      'class="verdict l-moderate"',
      'What is missing',
      'Findings',
      'How to read',
      'Get the same',
    ];
    const found = parts.map((part) => page.indexOf(part));
    expect(found.every((at) => at > 0)).toBe(true);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    for (const text of ['Privacy study of 2026-03-02', study.command, 'lambda: 0.01', 'estimated 2 min 55 s'])
      expect(page).toContain(escapeHtml(text));
  });

  it('shows means, ranges, and the difference to undefended', () => {
    const audits = sampleAudits({
      data: ['digits'],
      models: ['mlp'],
      defenses: [
        { name: 'none', params: {} },
        { name: 'l2', params: {} },
      ],
      seeds: [0, 1],
    });
    const set = (at: number, auc: number, tail: number, accuracy: number) => {
      const { results, target } = audits[at]!.report;
      const metric = (value: number) => ({ value, low: null, high: null, method: 'none' });
      results.splice(1);
      results[0]!.metrics = { auc: metric(auc), 'tprAtFpr0.01': metric(tail) };
      results[0]!.verdict.level = at === 3 ? 'high' : 'low';
      target.testAccuracy = metric(accuracy);
    };
    set(0, 0.8, 0.2, 0.9);
    set(1, 0.9, 0.3, 0.8);
    set(2, 0.6, 0.1, 0.86);
    set(3, 0.7, 0.1, 0.87);
    const rows = rowsOf(renderStudyHtml(summariseStudy(audits, sampleAbout())));
    expect(rows.map((row) => row.slice(0, 6))).toEqual([
      ['|none', '|85 %|80 % to 90 %|', '|25 %|20 % to 30 %|', '|0.850|0.800 to 0.900|', '|Low|', '|0|1|'],
      [
        '|l2',
        '|86.5 %|86 % to 87 %|+1.5 points vs none|',
        '|10 %|10 % to 10 %|',
        '|0.650|0.600 to 0.700|−0.200 vs none|',
        '|High|',
        '|0|1|',
      ],
    ]);
  });

  it('shows mean, interval and spread over seeds, and says what stronger attackers have', () => {
    const small = summariseStudy(
      sampleAudits({
        data: ['digits'],
        models: ['mlp'],
        defenses: [{ name: 'none', params: {} }],
        seeds: [4, 2, 7],
      }),
      sampleAbout(),
    );
    const [first, second] = repeatsOn(renderStudyHtml(small));
    const { mean, spread } = small.repeats[0]!.metrics.auc!;
    expect(first).toContain(
      `|${mean.value.toFixed(3)}|${mean.low!.toFixed(3)} to ${mean.high!.toFixed(3)}|spread ${spread!.toFixed(3)}|`,
    );
    expect([first![0], second![0]]).toEqual([
      '|membership/loss-threshold|none|',
      '|membership/shadow-classifier|none|',
    ]);
    expect(first!.at(-2)).toBe('|2, 4, 7');
    expect(renderStudyHtml(small)).not.toContain('stronger attacker');
    const stronger = studySchema.parse(small);
    for (const { results } of stronger.audits) results[0]!.references = { count: 4, pool: 'with-candidates' };
    expect(renderStudyHtml(stronger).match(/a stronger attacker/g)).toHaveLength(1);
    const once = summariseStudy(
      sampleAudits({ data: ['d'], models: ['m'], defenses: [{ name: 'none', params: {} }], seeds: [0] }),
      sampleAbout(),
    );
    expect(repeatsOn(renderStudyHtml(once))).toEqual([]);
  });

  it('tells of a shifted split at the top and in the row', () => {
    const audits = sampleAudits({
      data: ['digits'],
      models: ['mlp'],
      defenses: [{ name: 'none', params: {} }],
      seeds: [0, 1],
    });
    for (const { report } of audits)
      for (const { verdict } of report.results)
        Object.assign(verdict, { level: 'inconclusive', reason: 'shifted-split' });
    const shifted = renderStudyHtml(summariseStudy(audits, sampleAbout()));
    expect(shifted).toContain(
      '<h2>The split of at least one audit is shifted: its figures are no evidence</h2>',
    );
    expect(shifted).toContain('2 Inconclusive; 2 with a shifted split.');
    expect(rowsOf(shifted).map((row) => row[4])).toEqual(['|Split shifted|', '|Split shifted|']);
  });

  it('links every audit that has a result to its report, and nothing else', () => {
    const links = [...page.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href);
    const expected = study.audits.map(({ id }) => `audits/${id}/report.html`);
    expect(new Set(links)).toEqual(new Set(expected));
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form)\b|\s(src|on\w+)=|@import|url\(/i);
    expect(page).toContain("default-src 'none'");
  });

  it('tells of seeds that are missing, and of audits without a result', () => {
    const rows = rowsOf(page).filter(([name]) => name === '|l2 (lambda 0.001)');
    expect(rows[0]!.at(-2)).toBe('|0|2|2 of 3|not those of none|');
    expect(page).toContain('No attack finished: defence l2 (lambda 0.001), <a href=');
    expect(rows[2]!.at(-2)).toBe('|0|1|2|');
  });

  it('folds data sets away when there are many rows, and only then', () => {
    const grid = { models: ['a', 'b'], defenses: [{ name: 'none', params: {} }], seeds: [0] };
    const open = (data: string[], models = grid.models) =>
      renderStudyHtml(summariseStudy(sampleAudits({ ...grid, data, models }), sampleAbout())).match(
        /<details class="data"( open)?>/g,
      )!;
    expect(open(['x', 'y'])).toEqual(Array(2).fill('<details class="data" open>'));
    const many = Array.from({ length: 16 }, (_, i) => `m${i}`);
    expect(open(['x', 'y'], many)).toEqual(Array(2).fill('<details class="data">'));
    expect(open(['x'], [...many, ...many.map((name) => `${name}b`)])).toEqual([
      '<details class="data" open>',
    ]);
  });

  it('says so when nothing is known', () => {
    const nothing = renderStudyHtml({ ...study, audits: [] });
    structureOf(nothing);
    expect(nothing).toContain('No attack finished');
    expect(nothing).not.toContain('2026-03-02');
  });

  it('names many failed tasks behind a line to click', () => {
    const holes = Array.from({ length: 30 }, (_, i) => ({ ...study.holes[0]!, task: `train shadow ${i}` }));
    const many = renderStudyHtml({ ...study, holes });
    expect(many).toContain('<details><summary>30 tasks</summary><code>train shadow 0</code>');
    expect(many).toContain('30 tasks did not run because of this.');
    expect(page).not.toContain('<details><summary>');
  });

  it('keeps its structure whatever the texts are', () => {
    const plain = structureOf(renderStudyHtml(withText('x'), sampleRun()));
    fc.assert(
      fc.property(hostileText, (hostile) => {
        expect(structureOf(renderStudyHtml(withText(hostile), sampleRun()))).toEqual(plain);
      }),
    );
  });
});
