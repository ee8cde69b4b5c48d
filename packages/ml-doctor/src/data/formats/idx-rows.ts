/** Reads some rows of an IDX file, gzipped or plain, without holding the others. */
import { AuditError } from '../../errors.ts';
import { type ByteRange, byteStream } from './byte-stream.ts';
import { type ElementType, type NumberArray, numberDecoder } from './element-type.ts';
import { type FileBytes, withFile } from './file-bytes.ts';
import { pickRows } from './pick-rows.ts';

export interface IdxHeader {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly start: number;
}

/** By the third byte of the magic number. */
const TYPES: Readonly<Record<number, Omit<ElementType, 'little'>>> = {
  8: { kind: 'u', size: 1 },
  9: { kind: 'i', size: 1 },
  11: { kind: 'i', size: 2 },
  12: { kind: 'i', size: 4 },
  13: { kind: 'f', size: 4 },
  14: { kind: 'f', size: 8 },
};

/** @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED */
export const idxHeader = (path: string, signal?: AbortSignal): Promise<IdxHeader> =>
  withFile(path, async (file) => readHeader(file, await wholeRange(file), signal));

/**
 * @param rows in ascending order; all by default
 * @param out as many elements as the rows have, of bytes only where the file's are
 * @throws {AuditError} as {@link idxHeader}; MLD_DATA_CHECKSUM, MLD_DATA_INVALID, MLD_LIMIT
 */
export function readIdxRows(
  path: string,
  rows: ArrayLike<number> | undefined,
  out: NumberArray,
  signal?: AbortSignal,
): Promise<void> {
  return withFile(path, async (file) => {
    const range = await wholeRange(file);
    const { shape, type, start } = await readHeader(file, range, signal);
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    const decode = numberDecoder(type);
    await pickRows(
      byteStream(file, range, signal),
      { name: path, rows: shape[0]!, width, size: type.size, start },
      rows,
      (view, at, slot, _first, count) => decode(view, at, count, out, slot * width),
    );
  });
}

/** The whole file, unpacked where it starts as gzip does. */
export async function wholeRange(file: FileBytes): Promise<ByteRange> {
  const head = await file.read(0, Math.min(2, file.size));
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  return { name: file.path, start: 0, end: file.size, method: gzip ? 'gzip' : 'stored' };
}

async function readHeader(
  file: FileBytes,
  range: ByteRange,
  signal: AbortSignal | undefined,
): Promise<IdxHeader> {
  let bytes = Buffer.alloc(0);
  for await (const block of byteStream(file, range, signal)) {
    bytes = Buffer.concat([bytes, block]);
    if (bytes.length >= 4 + 4 * 255) break;
  }
  const type = TYPES[bytes[2] ?? -1];
  const rank = bytes[3] ?? 0;
  if (bytes.length >= 4 && (bytes.readUInt16BE(0) !== 0 || !type || rank === 0)) {
    throw new AuditError(
      'MLD_DATA_MAGIC',
      `${file.path}: is no IDX file, it starts with 0x${bytes.toString('hex', 0, 4)}`,
      'IDX files start with 0x00000803 (pictures) or 0x00000801 (labels).',
    );
  }
  const start = 4 + 4 * rank;
  if (!type || bytes.length < start) {
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${file.path}: cut short, it ends within its header`,
      'Copy or download the file again.',
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const length = shape.reduce((product, size) => product * size, type.size);
  // Stored bytes are there to be counted; packed ones cannot be more than 1,032 times as many.
  const most = range.method === 'gzip' ? 1032 * range.end : range.end - start;
  if (length === 0 || !(length <= most)) {
    throw new AuditError(
      length === 0 ? 'MLD_DATA_INVALID' : 'MLD_DATA_TRUNCATED',
      `${file.path}: announces shape (${shape.join(', ')}), and the file has ${range.end} bytes`,
      'Copy or download the file again.',
    );
  }
  return { shape, type: { ...type, little: false }, start };
}
