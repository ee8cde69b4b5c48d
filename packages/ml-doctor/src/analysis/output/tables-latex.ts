/** Tables of figures as LaTeX, to be taken into a paper. */

import { latexText } from '../../report/study/matrix/latex.ts';
import { cellLine } from './cell-text.ts';
import { COMPARISON_HEADS, comparisonCaption, comparisonTexts } from './comparison-table.ts';
import type { FigureEntry, TableEntry } from './figures-schema.ts';

const HEAD = '% Written by ml-doctor. Needs no packages; \\input this file.';

/** A `table` float of a plain `tabular`: text to the left, numbers with their intervals in the middle. */
export function tableToLatex({
  caption,
  columns,
  rows,
}: Pick<TableEntry, 'caption' | 'columns' | 'rows'>): string {
  const isText = (key: string) => rows.every((row) => row[key] === undefined || typeof row[key] === 'string');
  return float(
    caption,
    columns.map(({ key }) => (isText(key) ? 'l' : 'c')).join(''),
    columns.map(({ label }) => label),
    rows.map((row) => columns.map(({ key, digits }) => cellLine(row[key], digits))),
  );
}

/** The reasons are sentences, so that their column has lines. */
export function comparisonsToLatex(figure: Pick<FigureEntry, 'title' | 'comparisons'>): string {
  const rows = figure.comparisons.map(comparisonTexts);
  return float(comparisonCaption(figure), 'p{3.2cm}lllp{4.2cm}', COMPARISON_HEADS, rows);
}

function float(
  caption: string,
  layout: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [
    HEAD,
    '\\begin{table}',
    '\\centering\\footnotesize',
    `\\caption{${latexText(caption)}}`,
    `\\begin{tabular}{${layout}}`,
    '\\hline',
    line(heads),
    '\\hline',
    ...rows.map(line),
    '\\hline',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** Braces keep a cell that begins with a bracket or a star from being taken for an option of the line break before it. */
const line = (cells: readonly string[]): string =>
  `${cells.map((text) => `{${latexText(text)}}`).join(' & ')} \\\\`;
