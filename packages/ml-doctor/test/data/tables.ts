/** Writes tables as files, for tests: CSV with odd quoting, Parquet by hyparquet-writer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll } from 'vitest';

export type TestTable = Readonly<Record<string, readonly (string | number | boolean | null)[]>>;

/** A folder that is gone after the tests, and a way to put files there. */
export const scratch = () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-tables-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  return {
    folder,
    file: (content: string | Uint8Array, ending = '.csv'): string => {
      const path = join(folder, `t${count++}${ending}`);
      writeFileSync(path, content);
      return path;
    },
  };
};

const rowsOf = (table: TestTable): (string | number | boolean | null)[][] => {
  const columns = Object.values(table);
  return (columns[0] ?? []).map((_, row) => columns.map((column) => column[row] ?? null));
};

/** @param odd puts every field in quotes that `odd` picks */
export const csv = (
  table: TestTable,
  {
    separator = ',',
    end = '\n',
    odd = (_: number) => false,
  }: { separator?: string; end?: string; odd?: (field: number) => boolean } = {},
): string => {
  let field = 0;
  const shown = (value: string | number | boolean | null) => {
    const text = value === null ? '' : String(value);
    return odd(field++) || /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [Object.keys(table), ...rowsOf(table)].map((row) => row.map(shown).join(separator) + end).join('');
};

export const parquet = (table: TestTable, rowGroupSize = 100): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(table).map(([name, data]) => {
        const numbers = data.every((value) => typeof value === 'number');
        return { name, data: [...data], ...(numbers && { type: 'DOUBLE' as const }) };
      }),
      rowGroupSize,
    }),
  );

/** A column of lists of 32-bit numbers beside others of whole numbers. */
export const parquetLists = (
  lists: readonly (readonly number[])[],
  name: string,
  others: Readonly<Record<string, readonly number[]>>,
): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name, data: [...lists] },
        ...Object.entries(others).map(([each, data]) => ({ name: each, data: [...data] })),
      ],
      schema: [
        { name: 'root', num_children: 1 + Object.keys(others).length },
        { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
        ...Object.keys(others).map((each) => ({
          name: each,
          type: 'INT32' as const,
          repetition_type: 'REQUIRED' as const,
        })),
      ],
    }),
  );
