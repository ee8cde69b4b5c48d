/** A table in a file, whatever its format: names of columns, and cells some rows of one column at a time. */
import { extname } from 'node:path';
import { AuditError } from '../../../errors.ts';
import { openCsv, readCsv } from '../../formats/csv.ts';
import { openParquet } from '../../formats/parquet.ts';

/** As the file holds it: text is not yet looked at, `null` is no value, a list one of numbers. */
export type Cell = string | number | boolean | null | ArrayLike<number>;

export interface ColumnBlock {
  /** Index in `columns`. */
  readonly column: number;
  /** Row of the first cell, from 0. */
  readonly start: number;
  readonly cells: ArrayLike<Cell>;
  /** Where cell `index` of the block stands, for messages: file and line, or file and row. */
  readonly place: (index: number) => string;
}

export interface TableSource {
  readonly path: string;
  readonly format: 'csv' | 'parquet' | 'npz';
  readonly columns: readonly string[];
  /**
   * Hands over the cells of the wanted columns: those of one column in the order of the rows, columns in any order.
   * Gives the number of rows. Who names the `rows` that he looks at (ascending) need not be given others. A block is good
   * until the next.
   */
  readonly scan: (
    wanted: ReadonlySet<number>,
    visit: (block: ColumnBlock) => void,
    rows?: Uint32Array,
  ) => Promise<number>;
}

const OPENERS: Readonly<Record<string, (path: string, signal?: AbortSignal) => Promise<TableSource>>> = {
  '.csv': (path, signal) => csvSource(path, signal),
  '.tsv': (path, signal) => csvSource(path, signal),
  '.txt': (path, signal) => csvSource(path, signal),
  '.parquet': (path, signal) => parquetSource(path, signal),
  '.pq': (path, signal) => parquetSource(path, signal),
};

/** Whether the ending of a path is that of a table. */
export const isTablePath = (path: string): boolean => Object.hasOwn(OPENERS, extname(path).toLowerCase());

/** @throws {AuditError} as `openCsv` and `openParquet`; MLD_DATA_UNKNOWN for another ending */
export const openTable = (path: string, signal?: AbortSignal): Promise<TableSource> => {
  const ending = extname(path).toLowerCase();
  if (!isTablePath(path))
    throw new AuditError(
      'MLD_DATA_UNKNOWN',
      `${path}: its ending '${ending}' is that of no table`,
      'Tables are .csv, .tsv, .txt or .parquet files.',
    );
  return (OPENERS[ending] as (typeof OPENERS)[string])(path, signal);
};

/** Cells of a block; few enough that wide tables stay small. */
const CELLS_HELD = 1 << 16;

const csvSource = async (path: string, signal?: AbortSignal): Promise<TableSource> => {
  const file = await openCsv(path, signal);
  const { columns } = file;
  const height = Math.max(1, Math.min(1024, Math.floor(CELLS_HELD / columns.length)));
  return {
    path,
    format: 'csv',
    columns,
    scan: async (wanted, visit) => {
      const rows: (readonly string[])[] = [];
      const lines: number[] = [];
      const cells: Cell[] = [];
      let done = 0;
      const place = (index: number) => `${path}:${lines[index]}`;
      const flush = () => {
        for (const column of wanted) {
          for (let i = 0; i < rows.length; i++) cells[i] = (rows[i] as readonly string[])[column] as string;
          cells.length = rows.length;
          visit({ column, start: done, cells, place });
        }
        done += rows.length;
        rows.length = lines.length = 0;
      };
      await readCsv(
        file,
        (fields, line) => {
          rows.push(fields);
          lines.push(line);
          if (rows.length === height) flush();
          return undefined;
        },
        signal,
      );
      flush();
      return done;
    },
  };
};

const parquetSource = async (path: string, signal?: AbortSignal): Promise<TableSource> => {
  const file = await openParquet(path);
  return {
    path,
    format: 'parquet',
    columns: file.columns,
    scan: async (wanted, visit) => {
      for (const column of wanted)
        await file.readColumn(
          column,
          (start, cells) =>
            visit({ column, start, cells, place: (index) => `${path}: row ${start + index} (from 0)` }),
          signal,
        );
      return file.rows;
    },
  };
};
