/** Tables read back from each of their files say what the figures say, whatever stands in their texts. */

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAnalysis } from '../../../test/analysis/sample-figures.ts';
import { cellLine, comparisonText } from './cell-text.ts';
import { countsOf, countsText } from './comparison-table.ts';
import { comparisonsToMarkdown, tableToMarkdown } from './figures-markdown.ts';
import { figuresReport, type TableEntry } from './figures-schema.ts';
import { comparisonsToCsv, tableToCsv } from './tables-csv.ts';
import { comparisonsToLatex, tableToLatex } from './tables-latex.ts';

const report = figuresReport(sampleAnalysis());
const [overfitting, correlations] = report.figures;
const table = overfitting!.tables[0]!;

/** Text of everything that means something to one of the formats. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        '<b>',
        '|',
        '\n',
        '%',
        '_',
        '\\',
        '{',
        '$x$',
        '~',
        ',',
        '&lt;',
        '`',
        "'",
        '*',
        '#1',
        '=1+1',
        '\\\\',
      ),
      fc.string(),
    ),
    { maxLength: 5 },
  )
  .map((parts) => `t${parts.join('')}e`);
const tableOf = (
  caption: string,
  label: string,
  cell: string,
): Pick<TableEntry, 'caption' | 'columns' | 'rows'> => ({
  caption,
  columns: [
    { key: 'a', label },
    { key: 'b', label: 'B' },
  ],
  rows: [{ a: cell, b: 1 }, { a: cell }],
});

describe('CSV', () => {
  it('has every number, limits in columns of their own', () => {
    const rows = parse(tableToCsv(table), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual([
      'target',
      'overfitting',
      'accuracy',
      'accuracy_low',
      'accuracy_high',
      'epochs',
    ]);
    const told = (text: string | undefined) => (text === '' ? null : Number(text));
    rows.forEach((row, i) => {
      const { target, overfitting, accuracy, epochs } = table.rows[i]!;
      const { accuracy: value, accuracy_low: low, accuracy_high: high } = row;
      expect(row.target).toBe(target);
      expect([told(row.overfitting), told(row.epochs)]).toEqual([overfitting, epochs]);
      expect(accuracy).toMatchObject({ value: told(value), low: told(low), high: told(high) });
    });
    expect(rows).toHaveLength(table.rows.length);
    expect([rows[3]!.epochs, rows[4]!.accuracy_high]).toEqual(['', '']);
  });

  it('has every comparison', () => {
    const rows = parse(comparisonsToCsv(correlations!.comparisons), { columns: true });
    expect(rows).toEqual([
      {
        ...{
          what: 'MemInf and ModSteal',
          published: '-0.82',
          published_low: '-0.82',
          published_high: '-0.82',
          where: 'Fig. 9',
        },
        ...{ ours: '-0.61', ours_low: '-0.71', ours_high: '-0.51', method: 'bootstrap over targets, 95 %' },
        ...{ agreement: 'differs', reason: 'the published −.82 lies below our interval' },
      },
      {
        ...{
          what: 'ModInv and MemInf',
          published: '0.3',
          published_low: '0.25',
          published_high: '0.35',
          where: 'Fig. 9',
        },
        ...{ ours: '', ours_low: '', ours_high: '', method: '' },
        ...{ agreement: 'not comparable', reason: 'no target has both attacks' },
      },
    ]);
  });

  it('keeps every text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [first, second] = parse(tableToCsv(tableOf('c', 'l', text)), {
          columns: true,
          record_delimiter: '\n',
        }) as Record<string, string>[];
        expect([first, second]).toEqual([
          { a: text, b: '1' },
          { a: text, b: '' },
        ]);
      }),
    );
  });

  it('holds formulas back', () => {
    expect(tableToCsv(tableOf('c', 'l', '=1+1'))).toBe("a,b\n'=1+1,1\n'=1+1,\n");
  });
});

describe('Markdown', () => {
  it('has every row with its intervals', () => {
    const lines = tableToMarkdown(table).trimEnd().split('\n');
    expect(lines[2]).toBe('| Target | Overfitting | Balanced accuracy | Epochs |');
    expect(lines[7]).toMatch(
      /^\| Xception on Fashion-MNIST \| 0\.236 \| 0\.713 \(0\.693 to 0\.733\) \| – \|$/,
    );
    expect(lines).toHaveLength(4 + table.rows.length);
    expect(comparisonsToMarkdown(correlations!)).toContain(
      '| MemInf and ModSteal | −0.820, Fig. 9 | −0.610 (−0.710 to −0.510) | differs |',
    );
  });

  it('is the same table whatever the texts', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, label) => {
        const markdown = tableToMarkdown(tableOf(text, label, text));
        const lines = markdown.trimEnd().split('\n');
        expect(lines).toHaveLength(6);
        for (const line of lines.slice(2)) expect(line.split('|')).toHaveLength(4);
        expect(/[<>]/.exec(markdown)).toBeNull();
        const read = lines[4]!
          .split('|')[1]!
          .replace(/&#8288;/g, '')
          .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
        expect(read.trim()).toBe(text.replace(/\s+/g, ' ').replace(/\p{C}/gu, ''));
      }),
    );
  });
});

describe('LaTeX', () => {
  /** Depth of braces at the end, escaped ones left out; below 0 nowhere. */
  const depth = (latex: string) => {
    let open = 0;
    for (const [token] of latex.matchAll(/\\.|[{}]/gs)) {
      if (token === '{') open += 1;
      if (token === '}') open -= 1;
      expect(open).toBeGreaterThanOrEqual(0);
    }
    return open;
  };

  it.each([tableToLatex(table), comparisonsToLatex(correlations!)])(
    'is one float with as many cells in each row as columns',
    (latex) => {
      expect(depth(latex)).toBe(0);
      const layout = /\\begin\{tabular\}\{(.*)\}/.exec(latex)![1]!.replace(/\{[^}]*\}/g, '');
      const rows = latex.split('\n').filter((line) => line.endsWith(' \\\\'));
      for (const row of rows) expect(row.split(' & ')).toHaveLength(layout.length);
      expect([...latex.matchAll(/\\hline/g)]).toHaveLength(3);
      expect(latex).not.toMatch(/\\(top|mid|bottom)rule/);
    },
  );

  it('has text to the left and numbers in the middle', () => {
    expect(tableToLatex(table)).toContain('\\begin{tabular}{lccc}');
    expect(tableToLatex(table)).toContain(
      '{AlexNet on Fashion-MNIST} & {0.309} & {0.711 (0.691 to 0.731)} & {10} \\\\',
    );
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const latex = tableToLatex(tableOf(text, text, text));
        expect(depth(latex)).toBe(0);
        const inside = latex.split('\n').slice(3, -4).join('\n').replaceAll('\\begin{tabular}{lc}', '');
        expect(inside.replaceAll(' & ', '').replaceAll('$-$', '').replaceAll('$=$', '')).not.toMatch(
          /(?<!\\)[&%#_^~]/,
        );
        expect(latex.split('\n').filter((line) => line.endsWith(' \\\\'))).toHaveLength(3);
      }),
    );
  });
});

describe('cells', () => {
  it.each([
    [null, undefined, '–'],
    [undefined, undefined, '–'],
    [-0.0004, undefined, '0.000'],
    [-0.82, 2, '−0.82'],
    [{ value: 0.5, low: null, high: 0.6, method: 'm' }, 1, '0.5 (at most 0.6)'],
    [{ value: 0.5, low: 0.4, high: null, method: 'm' }, 1, '0.5 (at least 0.4)'],
    [{ value: 0.5, low: null, high: null, method: 'm' }, 1, '0.5'],
  ])('%j with %j digits are %s', (cell, digits, text) => {
    expect(cellLine(cell, digits)).toBe(text);
  });

  it('of comparisons have digits enough for the smaller of the two', () => {
    const published = { value: 0.00012, low: 0.00012, high: 0.00012, where: 'Table 5' };
    const ours = { value: 0.5, low: 0.4, high: 0.6, method: 'm' };
    expect(comparisonText(published, ours).published.value).toBe('0.00012');
    expect(comparisonText({ ...published, value: 12, low: 11, high: 13 }, ours).published).toEqual({
      value: '12.000',
      interval: '11.000 to 13.000',
    });
  });
});

it('counts agreements, and says nothing of none', () => {
  expect(countsText(countsOf([]))).toBeUndefined();
  expect(
    countsText(countsOf([{ agreement: 'differs' }, { agreement: 'differs' }, { agreement: 'reproduced' }])),
  ).toBe('1 reproduced, 2 differ');
  expect(countsText(countsOf(correlations!.comparisons))).toBe('1 differs, 1 not comparable');
});
