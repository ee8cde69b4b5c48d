/** A table row in words: what each of its columns holds. */
import type { Dataset } from './dataset.ts';

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
    columns ?? Array.from({ length: recordShape[0] ?? 0 }, (_, i) => ({ name: `column ${i + 1}` }));
  let at = 0;
  return named.map(({ name, ...rest }): Cell => {
    const first = at;
    const categories = 'categories' in rest ? rest.categories : undefined;
    at += categories?.length ?? 1;
    if (!categories) return { name, value: Number((row[first] as number).toPrecision(4)) };
    const places = categories.map((_, i) => row[first + i] as number);
    return { name, value: categories[places.indexOf(Math.max(...places))] as string };
  });
};
