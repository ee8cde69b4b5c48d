/** The matrix as text of 80 columns, where it fits. */

import { FAMILIES } from '../../family.ts';
import { formatMetric } from '../../format.ts';
import type { Run } from '../../run-record.ts';
import { type Paint, printable, WIDTH, wrap } from '../../terminal.ts';
import type { StudyReport } from '../study-schema.ts';
import { type Figure, type Matrix, type MatrixColumn, type Missing, matricesOf } from './matrix.ts';
import { matrixTitle, ratioText, rowLabel } from './matrix-format.ts';

/** More are on the page only. */
const MOST_MATRICES = 4;
/** Least width of a name that still says something. */
const NAME_WIDTH = 20;

/** Nothing where there is no matrix, and none that would not fit. */
export function matrixLines(study: StudyReport, run: Run | undefined, paint: Paint): string[] {
  const matrices = matricesOf(study, run);
  const metrics = [...new Set(matrices.flatMap(({ rows }) => rows.map(rowLabel)))];
  const shown = matrices.slice(0, MOST_MATRICES).flatMap((matrix) => {
    const lines = linesOf(matrix, metrics.length > 1, paint);
    return lines === undefined ? [] : [lines];
  });
  if (shown.length === 0) return [];
  const left = matrices.length - shown.length;
  return [
    ...wrap(
      `What each defence changes, means over seeds${metrics.length === 1 ? ` of ${metrics[0]}` : ''}: - less and + more than undefended, beyond chance at 95 %; ~ may be chance.`,
    ),
    ...shown.flat(),
    ...(left > 0 ? [`and ${left} more of these in study.html`] : []),
    '',
  ];
}

function linesOf(
  { columns, rows, ...title }: Matrix,
  tellMetrics: boolean,
  paint: Paint,
): string[] | undefined {
  const cells = [
    ['', ...columns.map(({ label }) => printable(label))],
    ...rows.map(({ label, metric, cells }) => [
      `  ${printable(withoutFamily(label))}${tellMetrics ? `: ${rowLabel({ metric, cells })}` : ''}`,
      ...cells.map((cell) => text(metric, cell)),
    ]),
    ['  test accuracy', ...columns.map(({ testAccuracy }) => text('testAccuracy', testAccuracy))],
    ...(columns.some(({ training }) => training !== undefined)
      ? [['  training time', ...columns.map(timeOf)]]
      : []),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const figures = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  if (figures + NAME_WIDTH > WIDTH) return undefined;
  widths[0] = Math.min(widths[0]!, WIDTH - figures);
  const [heading = '', ...lines] = cells.map((row) =>
    row
      .map((each, i) => shorten(each, widths[i]!).padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  const name = printable(matrixTitle({ columns, rows, ...title }));
  return [...wrap(name).map((each) => paint('bold', each)), paint('bold', heading), ...lines];
}

function text(name: string, figure: Figure | Missing): string {
  if (typeof figure === 'string') return figure;
  const { value } = formatMetric(name === 'testAccuracy' ? 'accuracy' : name, figure.metric);
  const { change, effect } = figure;
  if (change === undefined || effect === undefined) return value;
  return `${value} ${effect.verdict === 'undecided' ? '~' : change.value < 0 ? '-' : '+'}`;
}

function timeOf({ training, defense }: MatrixColumn): string {
  if (training === undefined) return 'unknown';
  if (defense.name === 'none') return '1 ×';
  return training.ratio === undefined ? 'unknown' : ratioText(training.ratio);
}

/** `loss-threshold` of `membership/loss-threshold`. */
function withoutFamily(label: string): string {
  const family = FAMILIES.find((each) => label.startsWith(`${each}/`));
  return family === undefined ? label : label.slice(family.length + 1);
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
