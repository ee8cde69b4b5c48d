/** `matrix.tex`: every matrix of a study as a table, to be taken into a paper. */

import { latexText } from './latex.ts';
import type { Figure, Matrix, MatrixColumn, Missing } from './matrix.ts';
import {
  ALARM_TEXT,
  askedText,
  claimText,
  columnNote,
  figureText,
  hasClaims,
  MISSING_TEXT,
  matrixTitle,
  rowLabel,
  trainingText,
} from './matrix-format.ts';

/** Defences beside the undefended column; more do not fit across a page. */
const MOST_DEFENSES = 4;

/**
 * `table` floats of plain `tabular` that need no package, for each matrix as many as its defences need, each with the
 * undefended column; `\input` takes all of them in. Four lines a row: the figures, their 95 % intervals, what the defence
 * changed of each, and the interval of that.
 */
export function matrixToLatex(matrices: readonly Matrix[]): string {
  return [
    '% Written by ml-doctor study. Needs no packages; \\input this file, or copy single tables.',
    ...matrices.flatMap((matrix) => {
      const parts = partsOf(matrix);
      return parts.map((part, i) =>
        table(part, parts.length > 1 ? ` (part ${i + 1} of ${parts.length})` : ''),
      );
    }),
    '',
  ].join('\n');
}

/** The matrix in parts of columns, what is undefended in each. */
function partsOf(matrix: Matrix): Matrix[] {
  const { columns, rows } = matrix;
  const places = columns.map((_, i) => i);
  const first = places.filter((i) => columns[i]!.defense.name === 'none');
  const others = places.filter((i) => columns[i]!.defense.name !== 'none');
  const parts = Array.from({ length: Math.max(1, Math.ceil(others.length / MOST_DEFENSES)) }, (_, part) => [
    ...first,
    ...others.slice(part * MOST_DEFENSES, (part + 1) * MOST_DEFENSES),
  ]);
  return parts.map((part) => ({
    ...matrix,
    columns: part.map((i) => columns[i]!),
    rows: rows.map((row) => ({ ...row, cells: part.map((i) => row.cells[i]!) })),
  }));
}

function table(matrix: Matrix, part: string): string {
  const { columns, rows } = matrix;
  const timed = columns.some(({ training }) => training !== undefined);
  const headings = columns.map(({ label }) => label);
  const notes = columns.map((column) => columnNote(column) ?? '');
  return [
    '\\begin{table}',
    '\\centering\\footnotesize',
    `\\caption{${latexText(`${matrixTitle(matrix)}${part}: what each defence changes of each attack, with 95 % intervals. Arrows: the interval of the change lies on one side of 0, the figure having fallen (down) or risen (up). A fall protects, of errors of reconstructions a rise; of test accuracy a fall is the cost. =: not touched by this defence.`)}}`,
    `\\begin{tabular}{l${'c'.repeat(columns.length)}}`,
    '\\hline',
    line(['Attack', ...headings]),
    ...(notes.some((note) => note !== '') ? [line(['', ...notes])] : []),
    '\\hline',
    ...rows.flatMap((row) =>
      figures(row.label, [rowLabel(row), askedText(row)], row.metric, row.cells, columns),
    ),
    '\\hline',
    ...(hasClaims(matrix) ? claims(columns) : []),
    ...figures(
      'Test accuracy',
      ['of the model itself', ''],
      'testAccuracy',
      columns.map(({ testAccuracy }) => testAccuracy),
      columns,
    ),
    ...(timed
      ? [line(['Training time', ...columns.map((column) => trainingText(column) ?? 'unknown')])]
      : []),
    '\\hline',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** An alarm on a line of its own: it is long. */
function claims(columns: readonly MatrixColumn[]): string[] {
  const alarms = columns.map(({ claim }) => (claim?.alarm ? ALARM_TEXT : ''));
  return [
    line(['Claimed ε', ...columns.map(claimText)]),
    ...(alarms.some((text) => text !== '') ? [line(['', ...alarms])] : []),
  ];
}

function figures(
  title: string,
  below: readonly [string, string],
  name: string,
  cells: readonly (Figure | Missing)[],
  columns: readonly MatrixColumn[],
): string[] {
  const texts = cells.map((cell, i) =>
    typeof cell === 'string'
      ? { value: MISSING_TEXT[cell], interval: '', change: '', changeInterval: '' }
      : textsOf(name, cell, columns[i]!),
  );
  const lines = [
    [title, ...texts.map(({ value }) => value)],
    [below[0], ...texts.map(({ interval }) => interval)],
    [below[1], ...texts.map(({ change }) => change)],
    ['', ...texts.map(({ changeInterval }) => changeInterval)],
  ];
  return lines.filter((cells) => cells.some((text) => text !== '')).map(line);
}

function textsOf(name: string, figure: Figure, column: MatrixColumn) {
  const { value, interval, change, effect, seeds } = figureText(name, figure, column);
  const sign = effect === undefined ? '' : effect.slice(0, 1);
  const same = figure.effect?.verdict === 'same';
  return {
    value: seeds === undefined ? value : `${value} (${seeds})`,
    interval: `[${interval}]`,
    change: change === undefined ? '' : same ? sign : `${sign} ${change.value}`.trimStart(),
    changeInterval: change === undefined || same ? '' : `[${change.interval}]`,
  };
}

/** Braces keep a cell that begins with a bracket or a star from being taken for an option of the line break before it. */
const line = (cells: readonly string[]): string =>
  `${cells.map((text) => `{${latexText(text)}}`).join(' & ')} \\\\`;
