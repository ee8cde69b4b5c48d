/** The matrix as text of 80 columns: in blocks of as many defences as fit. */

import { FAMILIES } from '../../family.ts';
import { formatMetric } from '../../format.ts';
import { printable, WIDTH, wrap } from '../../plain-text.ts';
import type { Run } from '../../run-record.ts';
import type { Paint } from '../../terminal.ts';
import type { StudyReport } from '../study-schema.ts';
import {
  type Figure,
  LEAST_SECONDS,
  type Matrix,
  type MatrixColumn,
  type Missing,
  matricesOf,
} from './matrix.ts';
import { claimText, hasClaims, matrixTitle, ratioText, rowLabel, seedsNote } from './matrix-format.ts';

/** More are on the page only. */
const MOST_MATRICES = 4;
/** Widths from which names of rows and of defences are shortened; so one defence fits beside the undefended at least. */
const NAME_WIDTH = 36;
const LABEL_WIDTH = 24;

/** Nothing where there is no matrix. */
export function matrixLines(study: StudyReport, run: Run | undefined, paint: Paint): string[] {
  const matrices = matricesOf(study, run);
  const metrics = [...new Set(matrices.flatMap(({ rows }) => rows.map(rowLabel)))];
  const shown = matrices.slice(0, MOST_MATRICES);
  if (shown.length === 0) return [];
  const left = matrices.length - shown.length;
  const cells = shown.flatMap(({ columns, rows }) => [
    ...rows.flatMap((row) => row.cells),
    ...columns.map(({ testAccuracy }) => testAccuracy),
  ]);
  const untouched = cells.some((cell) => typeof cell !== 'string' && cell.effect?.verdict === 'same');
  const alarm = shown.some(({ columns }) => columns.some(({ claim }) => claim?.alarm));
  const short = shown.some(({ columns }) => columns.some(({ training }) => training?.tooShort));
  const note = seedsNote(matrices);
  return [
    ...wrap(
      `What each defence changes, means over seeds${metrics.length === 1 ? ` of ${metrics[0]}` : ''}: - less and + more than undefended, beyond chance at 95 %; ~ may be chance${untouched ? '; = not touched by this defence' : ''}${alarm ? '; ! refuted by the one-run audit' : ''}${short ? `; times under ${LEAST_SECONDS} s are too short to compare` : ''}.`,
    ),
    ...(note === undefined ? [] : wrap(note)),
    ...shown.flatMap((matrix) => linesOf(matrix, metrics.length > 1, paint)),
    ...(left > 0 ? [`and ${left} more of these in study.html`] : []),
    '',
  ];
}

function linesOf(matrix: Matrix, tellMetrics: boolean, paint: Paint): string[] {
  const { columns, rows } = matrix;
  const table = [
    ['', ...columns.map(({ label }) => shorten(printable(label), LABEL_WIDTH))],
    ...rows.map(({ label, metric, cells }) => [
      `  ${printable(withoutFamily(label))}${tellMetrics ? `: ${rowLabel({ metric, cells })}` : ''}`,
      ...cells.map((cell) => text(metric, cell)),
    ]),
    ...(hasClaims(matrix) ? [['  claimed epsilon', ...columns.map(claimOf)]] : []),
    ['  test accuracy', ...columns.map(({ testAccuracy }) => text('testAccuracy', testAccuracy))],
    ...(columns.some(({ training }) => training !== undefined)
      ? [['  training time', ...columns.map(timeOf)]]
      : []),
  ];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const blocks = blocksOf(columns, widths);
  return [
    ...wrap(printable(matrixTitle(matrix))).map((each) => paint('bold', each)),
    ...blocks.flatMap((block) => {
      const name = Math.min(widths[0]!, WIDTH - room(block, widths));
      const [heading = '', ...lines] = table.map((row) =>
        [shorten(row[0]!, name).padEnd(name), ...block.map((i) => row[i]!.padEnd(widths[i]!))]
          .join('  ')
          .trimEnd(),
      );
      return [paint('bold', heading), ...lines];
    }),
  ];
}

/** Columns of the table (from 1) that stand side by side; what is undefended begins each block. */
function blocksOf(columns: readonly MatrixColumn[], widths: readonly number[]): number[][] {
  const name = Math.min(widths[0]!, NAME_WIDTH);
  const places = columns.map((_, i) => i + 1);
  const first = places.filter((i) => columns[i - 1]!.defense.name === 'none');
  const blocks: number[][] = [];
  let block = first;
  for (const i of places.filter((place) => !first.includes(place))) {
    if (block.length > first.length && name + room([...block, i], widths) > WIDTH) {
      blocks.push(block);
      block = first;
    }
    block = [...block, i];
  }
  return [...blocks, block];
}

/** What columns take beside the names. */
const room = (block: readonly number[], widths: readonly number[]): number =>
  block.reduce((sum, i) => sum + widths[i]! + 2, 0);

function claimOf(column: MatrixColumn): string {
  // Deltas are on the page: with them a column of its own width would be needed.
  const text = claimText(column).replace(/ at delta .*$/, '');
  return column.claim?.alarm ? `${text} !` : text;
}

function text(name: string, figure: Figure | Missing): string {
  if (typeof figure === 'string') return figure;
  const { value } = formatMetric(name === 'testAccuracy' ? 'accuracy' : name, figure.metric);
  const { change, effect } = figure;
  if (effect?.verdict === 'same') return `${value} =`;
  if (change === undefined || effect === undefined) return value;
  return `${value} ${effect.verdict === 'undecided' ? '~' : change.value < 0 ? '-' : '+'}`;
}

function timeOf({ training, defense }: MatrixColumn): string {
  if (training === undefined) return 'unknown';
  if (defense.name === 'none') return '1 ×';
  if (training.tooShort) return 'too short';
  return training.ratio === undefined ? 'unknown' : ratioText(training.ratio);
}

/** `loss-threshold` of `membership/loss-threshold`. */
function withoutFamily(label: string): string {
  const family = FAMILIES.find((each) => label.startsWith(`${each}/`));
  return family === undefined ? label : label.slice(family.length + 1);
}

/** Without its middle: what tells names apart often stands at their end. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}
