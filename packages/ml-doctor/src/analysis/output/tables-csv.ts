/** Tables of figures as CSV: every number in a cell of its own. */

import { type CsvCell, csvText } from '../../report/study/csv-text.ts';
import type { Cell } from '../figure.ts';
import type { FigureEntry, TableEntry } from './figures-schema.ts';

const isMetric = (cell: Cell | undefined) => typeof cell === 'object' && cell !== null;

/**
 * A row of keys, then one for each row, as {@link csvText} writes them. A column with intervals has two more after it,
 * `KEY_low` and `KEY_high`. What is unknown or not bounded is empty.
 */
export function tableToCsv({ columns, rows }: Pick<TableEntry, 'columns' | 'rows'>): string {
  const withLimits = new Set(
    columns.map(({ key }) => key).filter((key) => rows.some((row) => isMetric(row[key]))),
  );
  const header = columns.flatMap(({ key }) =>
    withLimits.has(key) ? [key, `${key}_low`, `${key}_high`] : [key],
  );
  const cells = rows.map((row) =>
    columns.flatMap(({ key }): CsvCell[] => {
      const cell = row[key] ?? null;
      const limited = cell !== null && typeof cell === 'object';
      const value = limited ? cell.value : cell;
      if (!withLimits.has(key)) return [value];
      return limited ? [value, cell.low, cell.high] : [value, null, null];
    }),
  );
  return csvText([header, ...cells]);
}

const HEADER = [
  ...['what', 'published', 'published_low', 'published_high', 'where'],
  ...['ours', 'ours_low', 'ours_high', 'method', 'agreement', 'reason'],
];

export function comparisonsToCsv(comparisons: FigureEntry['comparisons']): string {
  return csvText([
    HEADER,
    ...comparisons.map(({ what, published, ours, agreement, reason }) => [
      ...[what, published.value, published.low, published.high, published.where],
      ...[ours?.value ?? null, ours?.low ?? null, ours?.high ?? null, ours?.method ?? null],
      ...[agreement, reason],
    ]),
  ]);
}
