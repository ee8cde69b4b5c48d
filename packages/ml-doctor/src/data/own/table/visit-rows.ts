/** Takes the cells of some rows out of a table. */
import type { Cell, TableSource } from './table-source.ts';

/**
 * Hands over the cells of these rows, each with the index of its row among them; gives the rows of the file.
 *
 * @param rows in ascending order
 */
export const visitRows = (
  source: TableSource,
  rows: Uint32Array,
  wanted: ReadonlySet<number>,
  visit: (column: number, cell: Cell, index: number, place: () => string) => void,
): Promise<number> => {
  const next = new Map<number, number>();
  return source.scan(
    wanted,
    ({ column, start, cells, place }) => {
      let at = next.get(column) ?? 0;
      for (; at < rows.length && (rows[at] as number) < start + cells.length; at++) {
        const index = (rows[at] as number) - start;
        visit(column, cells[index] as Cell, at, () => place(index));
      }
      next.set(column, at);
    },
    rows,
  );
};
