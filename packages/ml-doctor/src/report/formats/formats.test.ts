/** Markdown, CSV, LaTeX, JUnit and SARIF of audits: right figures, and nothing that a hostile name could break. */

import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSarif } from '../../../test/gate/sarif-rules.ts';
import { readJunit, readXml } from '../../../test/gate/xml-reader.ts';
import { type Draft, sampleReport } from '../../../test/report/sample-report.ts';
import { sampleReportOfFour } from '../../../test/report/sample-stealing.ts';
import type { Level } from '../schema.ts';
import { codeBlock, markdownTable, markdownText } from './markdown-text.ts';
import { reportToCsv } from './report-csv.ts';
import { reportToJunit } from './report-junit.ts';
import { reportToLatex } from './report-latex.ts';
import { reportToMarkdown } from './report-markdown.ts';
import { reportToSarif } from './report-sarif.ts';
import { uriOf } from './sarif.ts';
import { xmlText } from './xml.ts';

const SAMPLE = withoutCurves(sampleReport());
const FOUR = withoutCurves(sampleReportOfFour());

function withoutCurves(report: Draft): Draft {
  for (const result of report.results) delete result.curves.roc;
  return report;
}

const changed = (change: (report: Draft) => void): Draft => {
  const report = structuredClone(SAMPLE);
  change(report);
  return report;
};

/** Text as somebody would write it who wants to run something, to mention somebody, or to forge a row. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '|',
          '\n',
          '\r\n| a | b |',
          '<script>alert(1)</script>',
          '</details>',
          '<!--',
          ']]>',
          '&lt;',
          '`',
          '```',
        ],
        ...[
          '**',
          '_',
          '[x](javascript:alert(1))',
          '![](http://evil)',
          '@octocat',
          '#1',
          '#1;',
          'GH-1',
          'www.evil.com',
        ],
        ...[
          'https://evil.com',
          'a@b.c',
          '- ',
          '1. ',
          '# ',
          '\\',
          '$x$',
          '"',
          "'",
          '\u0000',
          '\u202e',
          '\ud800',
          '\ufffe',
        ],
        ...['=cmd()', '{', '}', '%', '&#64;'],
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const withNames = (text: string): Draft =>
  changed((report) => {
    // The schema wants no empty name; text that is control characters only still is one.
    report.name = text;
    report.target.name = text;
    report.target.warnings = [text];
    report.data.id = text;
    report.command = text;
    report.config = { [text]: text };
    for (const result of report.results) {
      result.attribute = { name: text, kind: 'continuous', auxiliaryRecords: 1 };
      result.verdict.sentence = text;
      result.verdict.advice = [text];
      result.defense = { name: text, params: { [text]: text } };
      result.slices = [
        { by: text, value: text, records: { members: 1, nonMembers: 1 }, metrics: result.metrics },
      ];
    }
    report.holes = [{ task: text, code: text, message: text, hint: text, blocked: [text] }];
  });

describe('markdownText', () => {
  /** What is left when references are taken out must have no sign that Markdown, HTML or GitHub acts on. */
  const bare = (text: string) => text.replace(/&#\d+;/g, '\u2060');

  it('leaves nothing that acts', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = markdownText(text);
        expect(bare(safe)).not.toMatch(/[\\`*_[\]<>|~&$@#\n\r]|:\/\/|\bwww\.|\bGH-\d/i);
        expect(safe).not.toMatch(/^\s*([-+]\s|\d+[.)](\s|$))/);
        // A mention or a reference to an issue is looked for after references are resolved.
        expect(safe.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).not.toMatch(
          /@\w|#\d|\bGH-\d/i,
        );
      }),
    );
  });

  it('shows what was written', () => {
    const shown = (text: string) =>
      markdownText(text)
        .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
        .replaceAll('\u2060', '');
    for (const text of [
      'a|b',
      '<b>',
      '@octocat & #12',
      '- x',
      '12. y',
      'https://x.y/z',
      '2.3 % (1 to 4)',
      '−1 ± 2 `c` \\',
    ])
      expect(shown(text)).toBe(text);
    expect(markdownText('TPR at 1 % FPR: 2.3 % (0.9 % to 3.7 %), +7.2 points')).not.toContain('&#');
  });

  it('keeps tables and blocks of code whole', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = markdownTable(['a', 'b'], [[text, text]]).split('\n');
        expect(lines).toHaveLength(3);
        for (const line of lines) expect(line.split('|')).toHaveLength(4);
        const block = codeBlock(text, 'sh').split('\n');
        const fence = block[0]!.replace('sh', '');
        expect(block.at(-1)).toBe(fence);
        for (const line of block.slice(1, -1)) expect(line).not.toContain(fence);
      }),
    );
  });
});

describe('report.md', () => {
  it('has verdict, figures with intervals, advice and command', () => {
    const text = reportToMarkdown(SAMPLE);
    expect(text).toMatch(/^## Privacy audit of SimpleCNN on fashion-mnist-10k\n\n\*\*Low\*\*: /);
    expect(text).toContain('| membership/loss-threshold | TPR at 1 % FPR | 2.3 % | 0.93 % to 3.7 % | Low |');
    expect(text).toContain('\n- Reduce over-fitting');
    expect(text).toContain('```sh\nml-doctor demo --seed 0\n```');
    expect(text).toContain(SAMPLE.data.contentHash);
    // A comment on a pull request holds 65,536 characters.
    expect(reportToMarkdown(FOUR).length).toBeLessThan(30_000);
  });

  it('keeps its parts whatever the names are', () => {
    const shape = (text: string) =>
      text
        .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, 'CODE')
        .split('\n')
        .flatMap((line) => (/^(#+ |<|\||CODE)/.test(line) ? [line.replace(/[^|<>#]|&#\d+;/g, '')] : []))
        .filter((line) => line !== '');
    const plain = shape(reportToMarkdown(withNames('x'))).map((line) => line.replace(/#+/g, '#'));
    fc.assert(
      fc.property(hostile, (text) => {
        const found = shape(reportToMarkdown(withNames(text)).replace(/&#\d+;/g, ''));
        expect(found.map((line) => line.replace(/#+/g, '#'))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });

  it('says what is missing, and that nothing is known without attacks', () => {
    const text = reportToMarkdown(
      changed((report) => {
        report.results = [];
        report.holes = [
          { task: 'train', code: 'MLD_TASK_FAILED', message: 'no memory', hint: 'Buy.', blocked: ['attack'] },
        ];
      }),
    );
    expect(text).toContain('nothing is known about this model');
    expect(text).toContain(
      '- train failed &#91;MLD&#95;TASK&#95;FAILED&#93;: no memory. Buy. Not run because of it: attack.',
    );
  });
});

describe('report.csv', () => {
  const rows = (report: Draft) =>
    parseCsv(reportToCsv(report), { columns: true }) as Record<string, string>[];

  it('has every number once, with what it is of', () => {
    const report = withNames('a "name", with\nbreaks');
    const read = rows(report);
    const expected = report.results.flatMap((result) => [
      ...Object.entries(result.metrics).map(([name, m]) => [
        result.id,
        '',
        '',
        name,
        String(m.value),
        String(m.low),
        String(m.high),
      ]),
      ...result.slices.flatMap(({ by, value, metrics }) =>
        Object.entries(metrics).map(([name, m]) => [
          result.id,
          `${by}=${value}`,
          '',
          name,
          String(m.value),
          String(m.low),
          String(m.high),
        ]),
      ),
      ...result.baselines.flatMap(({ name: baseline, metrics }) =>
        Object.entries(metrics).map(([name, m]) => [
          result.id,
          '',
          baseline,
          name,
          String(m.value),
          String(m.low),
          String(m.high),
        ]),
      ),
    ]);
    const number = (text: string) => String(Number(Number(text).toPrecision(6)));
    const key = ([id, slice, baseline, name, ...figures]: string[]) =>
      [id, slice, baseline, name, ...figures.map(number)].join('|');
    const found = read.map((row) => [
      row['id']!,
      row['slice_by'] === '' ? '' : `${row['slice_by']}=${row['slice']}`,
      row['baseline']!,
      row['metric']!,
      row['value']!,
      row['low']!,
      row['high']!,
    ]);
    expect(found.map(key).sort()).toEqual(expected.map((row) => key(row)).sort());
    expect(new Set(read.map((row) => row['data']))).toEqual(new Set(['a "name", with\nbreaks']));
  });

  it('leaves what is not bounded empty', () => {
    const read = rows(
      changed(({ results }) => {
        results[0]!.metrics = { epsilonLowerBound: { value: 1, low: 1, high: null, method: 'exact' } };
      }),
    );
    expect(read[0]).toMatchObject({ metric: 'epsilonLowerBound', low: '1', high: '', level: 'low' });
  });
});

describe('report.tex', () => {
  /** As TeX reads it: five cells a row, braces and environments closed, and no commands but these. */
  const KNOWN =
    /^\\(begin|end|centering|footnotesize|caption|toprule|midrule|bottomrule|text\w+|pm|times|approx|(up|down)arrow|ldots|varepsilon|[{}$&#_%\\])$/;
  const check = (text: string) => {
    const body = text.replace(/(?<!\\)%.*$/gm, '');
    for (const [command] of body.matchAll(/\\([a-zA-Z]+|[\s\S])/g))
      if (!KNOWN.test(command)) throw new Error(command);
    const plain = body.replace(/\\[\\{}$&#_%]/g, '');
    let depth = 0;
    for (const char of plain.replace(/[^{}]/g, '')) {
      depth += char === '{' ? 1 : -1;
      if (depth < 0) throw new Error('a brace too many');
    }
    if (depth !== 0 || /\n[ \t]*\n(?=[\s\S]*\\end)/.test(plain))
      throw new Error('unclosed, or a paragraph inside');
    const lines = body.split('\n').filter((line) => line.endsWith('\\\\'));
    for (const line of lines)
      if (line.replace(/\\[&\\]/g, '').split('&').length !== 5) throw new Error(`cells: ${line}`);
    return lines.length;
  };

  it('has a row for each headline figure', () => {
    const text = reportToLatex(SAMPLE);
    expect(check(text)).toBe(1 + 6);
    expect(text).toContain(
      '{membership/loss-threshold} & {TPR at 1 \\% FPR} & {2.3 \\%} & {0.93 \\% to 3.7 \\%} & {Low} \\\\',
    );
    expect(check(reportToLatex(FOUR))).toBeGreaterThan(15);
  });

  it('cannot be broken by any name', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(check(reportToLatex(withNames(text)))).toBe(1 + 6);
      }),
      { numRuns: 50 },
    );
  });
});

describe('report.junit.xml', () => {
  it.each<[Level, string]>([
    ['high', 'failure'],
    ['moderate', 'failure'],
    ['inconclusive', 'skipped'],
    ['low', 'system-out'],
    ['none-found', 'system-out'],
  ])('tells a verdict of %s as %s', (level, outcome) => {
    const report = changed(({ results }) => {
      results[0]!.verdict.level = level;
    });
    const [first, second] = readJunit(reportToJunit(report));
    expect([first!.outcome, second!.outcome]).toEqual([outcome, 'system-out']);
    expect(first!.message).toContain(SAMPLE.results[0]!.verdict.sentence);
  });

  it('is well-formed whatever the names are, and has the holes as errors', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cases = readJunit(reportToJunit(withNames(`x${text}`)));
        expect(cases.map(({ outcome }) => outcome)).toEqual(['system-out', 'system-out', 'error']);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps every character that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { attributes } = readXml(`<?xml version="1.0" encoding="UTF-8"?>\n<a b="${xmlText(text)}"/>`);
        expect(attributes['b']).toBe(text.replace(/\s/g, ' '));
      }),
    );
    expect(xmlText('a\u0000b\ud800c\uffff\u0085')).toBe('abc');
  });
});

describe('report.sarif', () => {
  const of = (report: Draft) => readSarif(reportToSarif(report, 'out/report.json'));

  it.each<[Level, string | undefined]>([
    ['high', 'error'],
    ['moderate', 'warning'],
    ['inconclusive', 'warning'],
    ['low', 'note'],
    ['none-found', undefined],
  ])('tells a verdict of %s as %s', (level, expected) => {
    const { results, properties } = of(
      changed((report) => {
        report.results.length = 1;
        report.results[0]!.verdict.level = level;
      }),
    );
    expect(results.map((result) => result.level)).toEqual(expected === undefined ? [] : [expected]);
    for (const result of results) expect(result.ruleId).toBe(`membership/${level}`);
    expect(properties['attacks']).toEqual([{ id: SAMPLE.results[0]!.id, verdict: level }]);
  });

  it('keeps to the specification whatever the names are', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const run = of(withNames(`x${text}`));
        expect(run.invocations[0].executionSuccessful).toBe(false);
        expect(run.results).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
    expect(of(FOUR).results.length).toBeGreaterThan(5);
    expect(of(FOUR).invocations[0]).toEqual({ executionSuccessful: true });
  });

  it('has fingerprints that outlast other figures', () => {
    const prints = (report: Draft) =>
      of(report).results.map(({ partialFingerprints }) => partialFingerprints);
    const other = changed(({ results }) => {
      results[0]!.metrics.auc = { value: 0.9, low: 0.8, high: 1, method: 'x' };
    });
    expect(prints(other)).toEqual(prints(SAMPLE));
  });

  it.each([
    ['policy.yaml', 'policy.yaml'],
    ['../a b/ü#?.json', '../a%20b/%C3%BC%23%3F.json'],
    ['/tmp/x', 'file:///tmp/x'],
    ['C:\\x\\y.json', 'file:///C:/x/y.json'],
    ['a:b', 'a%3Ab'],
  ])('names the file %s as %s', (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });
});
