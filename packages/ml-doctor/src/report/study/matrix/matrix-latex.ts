/** `matrix.tex`: every matrix of a study as a table, to be taken into a paper. */

import { latexText } from './latex.ts';
import type { Figure, Matrix, MatrixColumn, Missing } from './matrix.ts';
import {
  askedText,
  columnNote,
  figureText,
  MISSING_TEXT,
  matrixTitle,
  rowLabel,
  trainingText,
} from './matrix-format.ts';

/**
 * One `table` for each matrix, of plain `tabular` that needs no package; `\input` takes all of them in. Three lines a row: the
 * figures, their 95 % intervals, and below each what the defence changed, with the interval of that.
 */
export function matrixToLatex(matrices: readonly Matrix[]): string {
  return [
    '% Written by ml-doctor study. Needs no packages; \\input this file, or copy single tables.',
    ...matrices.map(table),
    '',
  ].join('\n');
}

function table(matrix: Matrix): string {
  const { columns, rows } = matrix;
  const timed = columns.some(({ training }) => training !== undefined);
  const headings = columns.map(({ label }) => label);
  const notes = columns.map((column) => columnNote(column) ?? '');
  return [
    '\\begin{table}',
    '\\centering\\footnotesize',
    `\\caption{${latexText(`${matrixTitle(matrix)}: what each defence changes of each attack, with 95 % intervals. Arrows: the interval of the change lies on one side of 0, the figure having fallen (down) or risen (up). A fall protects, of errors of reconstructions a rise; of test accuracy a fall is the cost.`)}}`,
    `\\begin{tabular}{l${'c'.repeat(columns.length)}}`,
    '\\hline',
    line(['Attack', ...headings]),
    ...(notes.some((note) => note !== '') ? [line(['', ...notes])] : []),
    '\\hline',
    ...rows.flatMap((row) =>
      figures(row.label, [rowLabel(row), askedText(row)], row.metric, row.cells, columns),
    ),
    '\\hline',
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

function figures(
  title: string,
  below: readonly [string, string],
  name: string,
  cells: readonly (Figure | Missing)[],
  columns: readonly MatrixColumn[],
): string[] {
  const texts = cells.map((cell, i) =>
    typeof cell === 'string'
      ? { value: MISSING_TEXT[cell], interval: '', change: '' }
      : textsOf(name, cell, columns[i]!),
  );
  const lines = [
    [title, ...texts.map(({ value }) => value)],
    [below[0], ...texts.map(({ interval }) => interval)],
    [below[1], ...texts.map(({ change }) => change)],
  ];
  return lines.filter((cells) => cells.some((text) => text !== '')).map(line);
}

function textsOf(name: string, figure: Figure, column: MatrixColumn) {
  const { value, interval, change, effect, seeds } = figureText(name, figure, column);
  const sign = effect === undefined ? '' : `${effect.slice(0, 1)} `;
  return {
    value: seeds === undefined ? value : `${value} (${seeds})`,
    interval: `[${interval}]`,
    change: change === undefined ? '' : `${sign}${change.value} [${change.interval}]`,
  };
}

/** Braces keep a cell that begins with a bracket or a star from being taken for an option of the line break before it. */
const line = (cells: readonly string[]): string =>
  `${cells.map((text) => `{${latexText(text)}}`).join(' & ')} \\\\`;
