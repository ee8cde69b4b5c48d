/** Reads a CSV file row by row, in pieces, so that it may be larger than memory. */
import { createReadStream } from 'node:fs';
import { AuditError } from '../../errors.ts';
import { openRegular } from '../../files/regular-file.ts';
import { systemReason } from '../../files/system-error.ts';
import { csvSeparator, type Separator } from './csv-dialect.ts';

/** Bytes of a row, so that a file without line ends does not fill memory. */
export const MAX_CSV_ROW = 1 << 20;
/** Of a table; the widest that people keep as CSV are pictures of some thousand pixels. */
export const MAX_CSV_COLUMNS = 20_000;

export interface CsvFile {
  readonly path: string;
  readonly separator: Separator;
  readonly columns: readonly string[];
}

/** `line` is that on which the row ends, from 1. Without a result the reading goes on; `false` ends it. */
export type CsvVisitor = (fields: readonly string[], line: number) => false | undefined;

/**
 * The header of a file: what separates its fields is found out, a byte order mark is left out.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC for what is no text, MLD_DATA_INVALID for an empty file,
 *   names that are numbers (a file without header), missing or used twice, MLD_LIMIT for too long a row
 */
export const openCsv = async (path: string, signal?: AbortSignal): Promise<CsvFile> => {
  const separator = csvSeparator(await readHead(path), path);
  let columns: readonly string[] | undefined;
  await readRows(path, separator, signal, (fields) => {
    columns = fields.map((name) => name.trim());
    return false;
  });
  if (columns === undefined)
    throw invalid(`${path}: is empty`, 'Give a table with a header, then one line for each record.');
  checkHeader(path, columns);
  return { path, separator, columns };
};

/**
 * All rows after the header, each with one field for every column. Blanks around fields without quotes are left out,
 * but for files that are separated by tabs; empty lines are skipped.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming the line of a row with another number of fields, of a quote that never
 *   ends, and of bytes that are no UTF-8; MLD_LIMIT for a row of more than {@link MAX_CSV_ROW} bytes
 */
export const readCsv = (file: CsvFile, visit: CsvVisitor, signal?: AbortSignal): Promise<void> => {
  let header = true;
  return readRows(file.path, file.separator, signal, (fields, line) => {
    if (!header) return visit(fields, line);
    header = false;
    if (fields.length === file.columns.length) return undefined;
    throw invalid(
      `${file.path}: its header changed while it was read`,
      'Try again when nothing writes to it.',
    );
  });
};

const HEAD_BYTES = 1 << 16;

const readHead = async (path: string): Promise<Uint8Array> => {
  try {
    const file = await openRegular(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

/** What comes out of the parser when somebody has seen enough. */
const ENOUGH = new Error('enough');

const readRows = async (
  path: string,
  delimiter: Separator,
  signal: AbortSignal | undefined,
  visit: CsvVisitor,
): Promise<void> => {
  const { parse } = await import('csv-parse');
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: MAX_CSV_ROW,
    skip_empty_lines: true,
    trim: delimiter !== '\t',
    on_record: (fields: string[], { lines }) => {
      if (visit(fields, lines) === false) throw ENOUGH;
      return null;
    },
  });
  // Rows are taken as they are made; the stream itself is only drained.
  parser.resume();
  let broken: unknown;
  const ended = new Promise<void>((resolve) => {
    parser.on('error', (error) => {
      broken = error;
      resolve();
    });
    parser.on('end', resolve);
  });
  const check = chunkChecker(path);
  const input = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      check(chunk);
      if (!broken) await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
      if (broken) break;
    }
    if (!broken) {
      check(undefined);
      parser.end();
      await ended;
    }
  } catch (error) {
    if (error instanceof AuditError || signal?.aborted) throw error;
    throw unreadable(path, error);
  } finally {
    input.destroy();
    parser.destroy();
  }
  if (broken && broken !== ENOUGH) throw problem(path, broken);
};

/** Looks at bytes before they are parsed: UTF-8, and lines short enough (a row of empty fields has no length there). */
const chunkChecker = (path: string) => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [line, length] = [1, 0];
  return (chunk: Buffer | undefined): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${path}: holds bytes that are no UTF-8, at line ${line} or later`,
        'Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8").',
        { cause },
      );
    }
    if (chunk === undefined) return;
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(0x0a, from);
      const old = end < 0 ? chunk.indexOf(0x0d, from) : end;
      length += (old < 0 ? chunk.length : old) - from;
      if (length > MAX_CSV_ROW) throw tooLong(path, line);
      if (old < 0) return;
      [line, length, from] = [line + 1, 0, old + 1];
    }
  };
};

interface CsvProblem {
  readonly code?: string;
  readonly lines?: number;
  readonly column?: number | string;
  readonly record?: readonly string[];
}

const problem = (path: string, error: unknown): unknown => {
  if (error instanceof AuditError) return error;
  const { code, lines = 1, column, record } = error as CsvProblem;
  const place = `${path}:${lines}`;
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(path, lines);
  if (code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
    return invalid(
      `${place}: a row of ${record?.length} fields, where those before it have another number`,
      'Give every row one field for each column of the header; put fields that hold the separator in quotes.',
    );
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return invalid(
      `${place}: a quote is opened and never closed`,
      'Close it, or double quotes inside of fields ("").',
    );
  if (code === 'CSV_INVALID_CLOSING_QUOTE' || code === 'INVALID_OPENING_QUOTE')
    return invalid(
      `${place}: field ${Number(column) + 1} has a quote in its middle`,
      'Put the whole field in quotes and double the quotes inside of it ("").',
    );
  return error;
};

const checkHeader = (path: string, columns: readonly string[]): void => {
  if (columns.length > MAX_CSV_COLUMNS)
    throw new AuditError(
      'MLD_LIMIT',
      `${path}: has ${columns.length} columns; at most ${MAX_CSV_COLUMNS} are read`,
      'Save wide records as arrays (.npz).',
    );
  if (columns.every((name) => name !== '' && Number.isFinite(Number(name))))
    throw invalid(
      `${path}:1: has no header, its first row are numbers (${columns.slice(0, 3).join(', ').slice(0, 60)}, …)`,
      'Put the names of the columns in the first line; the labels belong into one called label.',
    );
  const seen = new Set<string>();
  columns.forEach((name, index) => {
    // The first name is empty where pandas wrote its row numbers.
    if (name === '' && index > 0)
      throw invalid(`${path}:1: column ${index + 1} has no name`, 'Name every column.');
    if (seen.has(name))
      throw invalid(
        `${path}:1: two columns are called '${name.slice(0, 60)}'`,
        'Give every column a name of its own.',
      );
    seen.add(name);
  });
};

const tooLong = (path: string, line: number): AuditError =>
  new AuditError(
    'MLD_LIMIT',
    `${path}:${line}: a row of more than ${MAX_CSV_ROW} bytes`,
    'Check for a missing line end or a quote that is never closed; save wide records as arrays (.npz).',
  );

const unreadable = (path: string, cause: unknown): AuditError =>
  new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${systemReason(cause)}`,
    'Check the path and its permissions.',
    {
      cause,
    },
  );

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
