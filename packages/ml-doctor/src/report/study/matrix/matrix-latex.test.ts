/** LaTeX that compiles whatever the texts are: checked by reading it as TeX would. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HandMade, handMade, UNDEFENDED } from '../../../../test/report/sample-matrix.ts';
import { sampleStudy } from '../../../../test/report/sample-study.ts';
import { studySchema } from '../study-schema.ts';
import { latexText } from './latex.ts';
import { matricesOf } from './matrix.ts';
import { matrixToLatex } from './matrix-latex.ts';

const TARGETS: readonly HandMade[] = [
  { id: 'a', defense: UNDEFENDED, attack: 0.7, accuracy: 0.9 },
  { id: 'b', defense: { name: 'l2', params: {}, adaptive: false }, attack: 0.6, accuracy: 0.8 },
  { id: 'c', defense: { name: 'top-k', params: {} }, holes: 1 },
];

/** Commands, environments, braces, columns and line ends as TeX reads them; throws where it would stop. */
function read(text: string): string[] {
  const seen: string[] = [];
  const open: string[] = [];
  let [columns, cells, math] = [0, 1, false];
  const tokens = text
    .replace(/(?<!\\)%.*$/gm, '')
    .matchAll(
      /\\begin\{(\w+)\}(?:\{([^}]*)\})?|\\end\{(\w+)\}|\\\\(\s*[[*])?|\\([a-zA-Z]+|.)|[{}&$#^_~]|\n[ \t]*\n|[^\x20-\x7e\n\u00c0-\u00ff]/g,
    );
  for (const [token, begun, argument, ended, option, command] of tokens) {
    if (begun !== undefined) {
      open.push(begun);
      if (argument !== undefined) columns = argument.length;
      seen.push(token);
    } else if (ended !== undefined) {
      if (open.pop() !== ended) throw new Error(`unexpected end of ${ended}`);
    } else if (token.startsWith('\\\\')) {
      if (option !== undefined) throw new Error('an option of a line break');
      if (cells !== columns) throw new Error(`${cells} cells in ${columns} columns`);
      cells = 1;
      seen.push('row');
    } else if (command !== undefined) {
      if (!KNOWN.has(command)) throw new Error(`unknown command ${command}`);
    } else if (token === '{') open.push('{');
    else if (token === '}') {
      if (open.pop() !== '{') throw new Error('a brace too many');
    } else if (token === '&') cells++;
    else if (token === '$') math = !math;
    else if (token !== '~' && !/^\n/.test(token)) throw new Error(`a bare ${JSON.stringify(token)}`);
    else if (/^\n/.test(token) && open.includes('tabular')) throw new Error('a paragraph inside a table');
  }
  if (open.length > 0 || math) throw new Error(`unclosed ${open.join()}`);
  return seen;
}
const KNOWN = new Set([
  ...['centering', 'footnotesize', 'caption', 'hline', 'textbackslash', 'textasciicircum', 'textasciitilde'],
  ...['textless', 'textgreater', 'textbar', 'textquoteleft', 'pm', 'times', 'approx', 'uparrow', 'downarrow'],
  ...['ldots', 'varepsilon', '{', '}', '$', '&', '#', '_', '%'],
]);
/** Text as somebody would write it who wants to run commands. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\input{/etc/passwd}',
        '}',
        '{',
        '$',
        '%',
        '&',
        '\\\\',
        '#',
        '_',
        '^^5c',
        '~',
        '\n\n',
        '[',
        '*',
        '\u2028',
        '✓',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('matrixToLatex', () => {
  it('has a table for each matrix', () => {
    const matrices = matricesOf(sampleStudy().study);
    const seen = read(matrixToLatex(matrices));
    expect(seen.filter((token) => token === '\\begin{table}')).toHaveLength(4);
    expect(seen.filter((token) => token === '\\begin{tabular}{lcccc}')).toHaveLength(4);
  });

  it('shows figures, intervals and signs', () => {
    const text = matrixToLatex(matricesOf(handMade(TARGETS), { trainings: { a: 10, b: 25 } }));
    read(text);
    expect(text).toContain('{membership/loss-threshold} & {70 \\%} & {60 \\%} & {failed} \\\\');
    expect(text).toContain('{Balanced accuracy} & {[69 \\% to 71 \\%]} & {[59 \\% to 61 \\%]} & {} \\\\');
    expect(text).toContain('posteriors} & {} & {$\\downarrow$ $-$10.0 points} & {} \\\\\n');
    expect(text).toContain('\n{} & {} & {[$-$11.4 to $-$8.6]} & {} \\\\\n');
    expect(text).not.toContain('varepsilon');
    expect(text).toContain('{Training time} & {10 s} & {2.5 $\\times$ (25 s)} & {unknown} \\\\');
    expect(text).toContain('{} & {} & {attackers do not know of it} & {} \\\\');
  });

  it('splits what is too wide, with the undefended in each part', () => {
    const many = Array.from(
      { length: 9 },
      (_, i): HandMade => ({ id: `x${i}`, defense: { name: `d${i}`, params: {} }, attack: 0.5 + i / 100 }),
    );
    const text = matrixToLatex(matricesOf(handMade([TARGETS[0]!, ...many])));
    const begun = read(text).filter((token) => token.startsWith('\\begin{tabular}'));
    expect(begun).toEqual(['lccccc', 'lccccc', 'lcc'].map((columns) => `\\begin{tabular}{${columns}}`));
    expect(text.match(/^\{Attack\}.*$/gm)).toEqual([
      '{Attack} & {none} & {d0} & {d1} & {d2} & {d3} \\\\',
      '{Attack} & {none} & {d4} & {d5} & {d6} & {d7} \\\\',
      '{Attack} & {none} & {d8} \\\\',
    ]);
    expect(text.match(/^\{membership.*$/gm)![2]).toBe(
      '{membership/loss-threshold} & {70 \\%} & {58 \\%} \\\\',
    );
    expect(text).toContain('(part 2 of 3)');
  });

  it('has claims, and a sign for what cannot have changed', () => {
    const study = studySchema.parse(
      handMade(TARGETS.slice(0, 2), [{ from: 'a', audit: 'b', metrics: 'same' }]),
    );
    study.audits[1]!.privacy = { epsilon: 7.991, delta: 1e-5 };
    const text = matrixToLatex(matricesOf(study, { trainings: { a: 1, b: 1 } }));
    read(text);
    expect(text).toContain('{Claimed $\\varepsilon$} & {none} & {8 at delta 0.00001} \\\\');
    expect(text).toContain(
      '{} & {} & {$=$} \\\\\n{Training time} & {1.0 s} & {too short to compare (1.0 s)}',
    );
  });

  it('marks a claim that an audit refutes', () => {
    const study = studySchema.parse(handMade(TARGETS.slice(0, 2)));
    study.audits[1]!.privacy = { epsilon: 2, delta: 1e-5 };
    expect(matrixToLatex(matricesOf(study))).not.toContain('refuted');
    Object.assign(study.audits[1]!.results[0]!, { attack: 'membership/one-run-audit', level: 'high' });
    const text = matrixToLatex(matricesOf(study));
    read(text);
    expect(text).toContain('{2 at delta 0.00001} \\\\\n{} & {} & {! refuted by the one-run audit} \\\\\n');
  });

  it('says once that attackers do not know of a defence', () => {
    const twice = [...TARGETS.slice(0, 2), { id: 'x', defense: { name: 'l2', params: {} }, attack: 0.6 }];
    const text = matrixToLatex(matricesOf(handMade(twice)));
    expect(text).toContain('{l2 (attackers unaware)}');
    expect(text).not.toContain('do not know');
  });

  it('cannot be broken by any text', () => {
    const withText = (text: string) => {
      const study = studySchema.parse(handMade(TARGETS));
      for (const audit of study.audits) {
        audit.data.name = text;
        audit.model.name = text;
        if (audit.defense.name !== 'none') audit.defense.name = `${text}${audit.id}`;
        for (const result of audit.results) result.attack = `membership/${text}`;
      }
      return read(matrixToLatex(matricesOf(study)));
    };
    const plain = withText('x');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(withText(text)).toEqual(plain);
      }),
    );
  });
});

describe('latexText', () => {
  it('says the same in LaTeX', () => {
    expect(latexText('a_b{c} 5 % & $x$ #1 ~^\\')).toBe(
      'a\\_b\\{c\\} 5 \\% \\& \\$x\\$ \\#1 \\textasciitilde{}\\textasciicircum{}\\textbackslash{}',
    );
    expect(latexText('é\u0000\u202e\n\n中 −1 ± 2 ×')).toBe('é? ? $-$1 $\\pm$ 2 $\\times$');
  });
});
