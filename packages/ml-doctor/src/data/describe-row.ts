/** A table row in words: what each of its columns holds. */
import { type Column, columnPlaces, type Dataset } from './dataset.ts';

export interface Cell {
  readonly name: string;
  readonly value: string | number;
}

/**
 * A row as people read it; of a category the value whose place is largest, so that made-up rows can be read too.
 * Columns without a name are numbered from 1.
 *
 * @param row before normalisation
 */
export const describeRow = ({ columns, recordShape }: Dataset, row: ArrayLike<number>): readonly Cell[] => {
  const named =
    columns ?? Array.from({ length: recordShape[0] ?? 0 }, (_, i): Column => ({ name: `column ${i + 1}` }));
  const places = columnPlaces(named);
  return named.map(({ name, categories, ordered }, c): Cell => {
    const { first } = places[c] as { first: number };
    if (!categories) return { name, value: Number((row[first] as number).toPrecision(4)) };
    const likely = ordered
      ? nearestIndex(row[first] as number, categories.length)
      : largest(row, first, categories);
    return { name, value: categories[likely] as string };
  });
};

const nearestIndex = (value: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.round(value)));

const largest = (row: ArrayLike<number>, first: number, categories: readonly string[]): number => {
  const places = categories.map((_, i) => row[first + i] as number);
  return places.indexOf(Math.max(...places));
};
