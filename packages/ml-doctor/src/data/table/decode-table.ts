/** Records of a table as rows of text and numbers again: the way back from `encode-table.ts`. */
import type { Column } from '../dataset.ts';
import type { Field } from './fields.ts';
import { readColumn, type TableRecords } from './read-column.ts';

/**
 * Rows with one field per column: the category's text, or the number as its 32 bits hold it.
 *
 * @throws {Error} `internal:` where a record holds none of a column's values
 */
export const decodeTable = (table: TableRecords): readonly (readonly Field[])[] => {
  const fields = table.columns.map((column, c) => fieldsOf(column, readColumn(table, c)));
  return Array.from({ length: fields[0]?.length ?? 0 }, (_, i) => fields.map((all) => all[i] as Field));
};

const fieldsOf = ({ categories }: Column, values: Int32Array | Float32Array): readonly Field[] =>
  categories ? Array.from(values, (value) => categories[value] as string) : [...values];
