/** Arrays of an .npz file as columns of a table: those of one axis are columns, those of two lists. */
import { AuditError } from '../../../errors.ts';
import { type Npz, withNpz } from '../../formats/npz.ts';
import type { Cell, ColumnBlock, TableSource } from '../table/table-source.ts';

/** Values that are held at a time. */
const VALUES_HELD = 1 << 22;
const BLOCK = 1024;

/** @throws {AuditError} as `withNpz`; MLD_DATA_INVALID for arrays of different lengths, or of more than two axes */
export const npzSource = async (path: string, signal?: AbortSignal): Promise<TableSource> => {
  const { columns, rows } = await withNpz(
    path,
    async (npz) => {
      const first = npz.names[0];
      if (first === undefined)
        throw invalid(
          `${path}: holds no arrays`,
          'Save the outputs with np.savez(path, posteriors=…, label=…, member=…).',
        );
      const lengths = new Map<string, number>();
      for (const name of npz.names) lengths.set(name, await lengthOf(npz, name));
      const rows = lengths.get(first) as number;
      const other = npz.names.find((name) => lengths.get(name) !== rows);
      if (other !== undefined)
        throw invalid(
          `${path}: array '${first}' is of ${rows} records, '${other}' of ${lengths.get(other)}`,
          'Save one value, or one row, for each record in every array.',
        );
      return { columns: [...npz.names], rows };
    },
    signal,
  );
  return {
    path,
    format: 'npz',
    columns,
    scan: (wanted, visit, picked) =>
      withNpz(
        path,
        async (npz) => {
          for (const column of wanted) {
            const name = columns[column] as string;
            if ((await npz.header(name)).shape.length === 2)
              await scanMatrix(npz, name, column, rows, picked, visit);
            else await scanColumn(npz, name, column, visit);
          }
          return rows;
        },
        signal,
      ),
  };
};

const lengthOf = async (npz: Npz, name: string): Promise<number> => {
  const { shape } = await npz.header(name);
  const [rows] = shape;
  if (rows !== undefined && shape.length <= 2) return rows;
  throw invalid(
    `${npz.path}: array '${name.slice(0, 60)}' is of shape (${shape.join(', ')})`,
    'Outputs are of shape (records, classes), all other arrays of shape (records).',
  );
};

const scanColumn = async (npz: Npz, name: string, column: number, visit: (block: ColumnBlock) => void) => {
  const cells: Cell[] = [];
  let start = 0;
  const flush = () => {
    const from = start;
    visit({ column, start, cells, place: (index) => `${npz.path}: row ${from + index} (from 0)` });
    start += cells.length;
    cells.length = 0;
  };
  await npz.each(name, (value) => {
    cells.push(value);
    if (cells.length === BLOCK) flush();
  });
  flush();
};

/** As many rows at a time as memory should hold; each time the file is gone through from its beginning. */
const scanMatrix = async (
  npz: Npz,
  name: string,
  column: number,
  rows: number,
  picked: Uint32Array | undefined,
  visit: (block: ColumnBlock) => void,
) => {
  const width = (await npz.header(name)).shape[1] as number;
  const own = picked ?? Uint32Array.from({ length: rows }, (_, row) => row);
  const height = Math.max(1, Math.floor(VALUES_HELD / Math.max(1, width)));
  for (let at = 0; at < own.length; at += height) {
    const part = own.subarray(at, at + height);
    const values = new Float64Array(part.length * width);
    await npz.numbers(name, part, values);
    for (const [index, start] of part.entries())
      visit({
        column,
        start,
        cells: [values.subarray(index * width, (index + 1) * width)],
        place: () => `${npz.path}: row ${start} (from 0)`,
      });
  }
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
