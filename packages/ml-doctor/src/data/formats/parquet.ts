/** Reads a Parquet file with a flat schema, one column of one row group at a time. */
import type { FileHandle } from 'node:fs/promises';
import type { ColumnMetaData, Compressors, FileMetaData } from 'hyparquet';
import { AuditError } from '../../errors.ts';
import { openRegular } from '../../files/regular-file.ts';
import { systemReason } from '../../files/system-error.ts';
import { parquetCodecs } from './parquet-codecs.ts';
import { checkPages } from './parquet-pages.ts';
import { type ParquetColumn, parquetColumns } from './parquet-schema.ts';
import { walkThrift } from './parquet-thrift.ts';

/** A number (a whole one beyond 2^53 is text), a text, `null` for no value, or a list of numbers. */
export type ParquetCell = string | number | boolean | null | ArrayLike<number>;

export interface ParquetFile {
  readonly rows: number;
  readonly columns: readonly string[];
  /**
   * Hands over a column in pieces, in the order of the rows.
   *
   * @throws {AuditError} MLD_DATA_INVALID, MLD_DATA_TRUNCATED or MLD_LIMIT, naming column and row group
   */
  readonly readColumn: (
    column: number,
    visit: (start: number, cells: readonly ParquetCell[]) => void,
    signal?: AbortSignal,
  ) => Promise<void>;
}

const MAX_FOOTER = 1 << 26;
/** Of one column in one row group: what is in memory at a time. */
const MAX_CHUNK_BYTES = 1 << 28;
const MAX_CHUNK_VALUES = 1 << 24;
const MAX_COLUMNS = 20_000;
/** A table that takes more cells than this is no compressed table but a trap. */
const MAX_CELLS_PER_BYTE = 1000;
const SMALL_CELLS = 1 << 22;

/**
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED for a file without its end,
 *   MLD_DATA_INVALID for a footer that contradicts itself, nested columns, no rows, MLD_LIMIT for sizes beyond reason
 */
export const openParquet = async (path: string): Promise<ParquetFile> => {
  const { metadata, dataEnd } = await withFile(path, (file, size) => readFooter(file, path, size));
  const columns = parquetColumns(metadata);
  if (typeof columns === 'string')
    throw invalid(path, columns, 'Save a flat table: numbers, texts, or lists of numbers.');
  const rows = checkGroups(path, metadata, columns, dataEnd);
  const codecs = await parquetCodecs();
  return {
    rows,
    columns: columns.map(({ name }) => name),
    readColumn: (index, visit, signal) =>
      withFile(path, async (file) => {
        const column = columns[index] as ParquetColumn;
        let start = 0;
        for (const [group, { num_rows }] of metadata.row_groups.entries()) {
          signal?.throwIfAborted();
          const size = Number(num_rows);
          if (size === 0) continue;
          let at = start;
          for (const cells of await readChunk({
            file,
            path,
            metadata,
            group,
            start,
            size,
            column,
            index,
            codecs,
          })) {
            visit(at, cells);
            at += cells.length;
          }
          start += size;
        }
      }),
  };
};

const withFile = async <T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> => {
  let file: FileHandle;
  try {
    file = await openRegular(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    return await use(file, (await file.stat()).size);
  } catch (error) {
    throw typeof (error as NodeJS.ErrnoException)?.errno === 'number' ? unreadable(path, error) : error;
  } finally {
    await file.close();
  }
};

const readAt = async (
  file: FileHandle,
  path: string,
  start: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw truncated(path, `ends at byte ${start + done}`);
    done += bytesRead;
  }
  return bytes;
};

const isMagic = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes) === 'PAR1';

const readFooter = async (file: FileHandle, path: string, size: number) => {
  const head = await readAt(file, path, 0, Math.min(4, size));
  if (!isMagic(head))
    throw new AuditError(
      'MLD_DATA_MAGIC',
      size === 0 ? `${path}: is empty` : `${path}: is no Parquet file, it does not begin with PAR1`,
      'Save the table as Parquet, or give the file the ending that it has.',
    );
  const tail = size < 12 ? undefined : await readAt(file, path, size - 8, 8);
  if (!tail || !isMagic(tail.subarray(4))) throw truncated(path, 'does not end with PAR1');
  const length = new DataView(tail.buffer).getUint32(0, true);
  if (length > size - 12) throw truncated(path, `its footer of ${length} bytes is longer than the file`);
  if (length > MAX_FOOTER) throw tooLarge(path, `its footer has ${length} bytes`);
  const bytes = await readAt(file, path, size - 8 - length, length + 8);
  try {
    const { end } = walkThrift(bytes.subarray(0, length), 0);
    if (end > length) throw new RangeError('a structure that does not end');
    const { parquetMetadata } = await import('hyparquet');
    return { metadata: parquetMetadata(bytes.buffer, { geoparquet: false }), dataEnd: size - 8 - length };
  } catch (cause) {
    throw damaged(path, 'its footer', cause);
  }
};

/** Rows of the file, once everything that the footer says of sizes and places can be true. */
const checkGroups = (
  path: string,
  { row_groups, num_rows }: FileMetaData,
  columns: readonly ParquetColumn[],
  dataEnd: number,
): number => {
  const bad = (what: string) => invalid(path, what, 'Write the file again.');
  if (columns.length > MAX_COLUMNS) throw tooLarge(path, `it has ${columns.length} columns`);
  let rows = 0;
  for (const [group, { columns: chunks, num_rows: size }] of row_groups.entries()) {
    const where = `row group ${group}`;
    const groupRows = whole(size);
    if (groupRows === undefined) throw bad(`${where} has ${size} rows`);
    rows += groupRows;
    if (chunks.length !== columns.length)
      throw bad(`${where} has ${chunks.length} columns where the schema has ${columns.length}`);
    for (const [index, { meta_data: meta, file_path }] of chunks.entries()) {
      const column = columns[index] as ParquetColumn;
      const place = `column '${column.name.slice(0, 60)}' of ${where}`;
      if (!meta || file_path) throw bad(`${place} is not in this file`);
      if (meta.path_in_schema.join('\0') !== column.path.join('\0') || meta.type !== column.leaf.type)
        throw bad(`${place} is another than the schema says`);
      const [values, start, length] = [
        whole(meta.num_values),
        chunkStart(meta),
        whole(meta.total_compressed_size),
      ];
      if (
        values === undefined ||
        start === undefined ||
        length === undefined ||
        start < 4 ||
        start + length > dataEnd
      )
        throw bad(`${place} lies outside of the file`);
      if (column.list ? values < groupRows : values !== groupRows)
        throw bad(`${place} has ${values} values for ${groupRows} rows`);
      if (
        values > MAX_CHUNK_VALUES ||
        length > MAX_CHUNK_BYTES ||
        (whole(meta.total_uncompressed_size) ?? Infinity) > MAX_CHUNK_BYTES
      )
        throw tooLarge(path, `${place} has ${values} values in ${meta.total_uncompressed_size} bytes`);
    }
  }
  if (rows !== whole(num_rows))
    throw bad(`its row groups have ${rows} rows where the footer says ${num_rows}`);
  if (rows === 0)
    throw invalid(path, 'it has no rows', 'Give at least one record; a meaningful audit needs hundreds.');
  const cells = rows * columns.length;
  if (cells > SMALL_CELLS && cells > MAX_CELLS_PER_BYTE * dataEnd)
    throw tooLarge(path, `it holds ${cells} cells in ${dataEnd} bytes`);
  return rows;
};

/** hyparquet begins there too. */
const chunkStart = (meta: ColumnMetaData): number | undefined =>
  whole(meta.dictionary_page_offset || meta.data_page_offset);

const whole = (value: unknown): number | undefined => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
};

interface Chunk {
  readonly file: FileHandle;
  readonly path: string;
  readonly metadata: FileMetaData;
  readonly group: number;
  /** First row of the group, and how many it has. */
  readonly start: number;
  readonly size: number;
  readonly column: ParquetColumn;
  readonly index: number;
  readonly codecs: Compressors;
}

const readChunk = async (chunk: Chunk): Promise<readonly (readonly ParquetCell[])[]> => {
  const { file, path, metadata, group, start, size, column, index, codecs } = chunk;
  const meta = metadata.row_groups[group]?.columns[index]?.meta_data as ColumnMetaData;
  const from = chunkStart(meta) as number;
  const bytes = await readAt(file, path, from, Number(meta.total_compressed_size));
  try {
    checkPages(bytes, column, meta, codecs);
    const { parquetRead } = await import('hyparquet');
    const pieces: (readonly ParquetCell[])[] = [];
    await parquetRead({
      file: {
        byteLength: from + bytes.length,
        slice: (a, b = from + bytes.length) => bytes.buffer.slice(a - from, b - from),
      },
      metadata,
      columns: [column.name],
      rowStart: start,
      rowEnd: start + size,
      compressors: codecs,
      onChunk: ({ columnData }) => pieces.push(Array.from(columnData as ArrayLike<unknown>, cellOf)),
    });
    const found = pieces.reduce((sum, cells) => sum + cells.length, 0);
    if (found !== size) throw new RangeError(`${found} rows where ${size} are announced`);
    return pieces;
  } catch (cause) {
    throw damaged(path, `column '${column.name.slice(0, 60)}' of row group ${group}`, cause);
  }
};

const cellOf = (value: unknown): ParquetCell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map((item) => (item === null ? Number.NaN : Number(item)));
  return value as ParquetCell;
};

const damaged = (path: string, where: string, cause: unknown): unknown =>
  cause instanceof AuditError
    ? cause
    : new AuditError(
        'MLD_DATA_INVALID',
        `${path}: ${where} is damaged or of a kind that is not read: ${String((cause as Error)?.message ?? cause).slice(0, 200)}`,
        'Write the file again, as pandas (DataFrame.to_parquet) or DuckDB do by default.',
        { cause },
      );

const truncated = (path: string, what: string): AuditError =>
  new AuditError('MLD_DATA_TRUNCATED', `${path}: cut short, ${what}`, 'Copy or write the file again.');

const tooLarge = (path: string, what: string): AuditError =>
  new AuditError(
    'MLD_LIMIT',
    `${path}: ${what}, more than is read at once`,
    'Write it with smaller row groups (row_group_size=100000).',
  );

const unreadable = (path: string, cause: unknown): AuditError =>
  new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${systemReason(cause)}`,
    'Check the path and its permissions.',
    { cause },
  );

const invalid = (path: string, what: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', `${path}: ${what}`, hint);
