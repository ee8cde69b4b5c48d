/** What the records of a table hold in one of its columns, read back from their places. */
import { type Column, columnPlaces, type Dataset } from '../dataset.ts';
import { inMemory, type ValuesInMemory } from '../values.ts';

/** Records before normalisation, `rows × places`. */
export type TableRecords = Pick<Dataset, 'x'> & { readonly columns: readonly Column[] };

/**
 * One per record: a category's index, or a number.
 *
 * @throws {Error} `internal:` where the places hold none of the column's values
 */
export const readColumn = (table: TableRecords, index: number): Int32Array | Float32Array => {
  const { columns } = table;
  const x = inMemory(table.x);
  const places = columnPlaces(columns);
  const { first, width } = places[index] as (typeof places)[number];
  const { name, categories, ordered } = columns[index] as Column;
  const length = places.reduce((sum, place) => sum + place.width, 0);
  const size = x.length / length;
  if (!categories) return Float32Array.from({ length: size }, (_, i) => x[i * length + first] as number);
  const read = ordered ? indexAt : oneHotAt;
  return Int32Array.from({ length: size }, (_, i) => {
    const start = i * length + first;
    const found = read(x, start, ordered ? categories.length : width);
    if (found >= 0) return found;
    throw new Error(
      `internal: record ${i} holds [${x.subarray(start, start + width)}] where column '${name}' stands`,
    );
  });
};

/** The index that stands there, or -1 where it is none. */
const indexAt = (x: ValuesInMemory, start: number, count: number): number => {
  const value = x[start] as number;
  return Number.isInteger(value) && value >= 0 && value < count ? value : -1;
};

/** Which of the places is 1 where the others are 0, or -1. */
const oneHotAt = (x: ValuesInMemory, start: number, width: number): number => {
  let found = -1;
  for (let place = 0; place < width; place++) {
    const value = x[start + place];
    if (value === 0) continue;
    if (value !== 1 || found >= 0) return -1;
    found = place;
  }
  return found;
};
