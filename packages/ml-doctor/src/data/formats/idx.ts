/**
 * Reads IDX, the format MNIST and its successors are published in: a big-endian header, then a dense array.
 */
import { AuditError } from '../../errors.ts';
import { gunzipIfNeeded } from './gunzip.ts';

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major, as many values as the product of `shape`. */
  readonly data: IdxData;
}

interface ElementType {
  readonly bytes: number;
  read(view: DataView, offset: number, count: number): IdxData;
}

/** Element types by the third byte of the magic number. */
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, read: (v, o, n) => new Uint8Array(v.buffer, v.byteOffset + o, n).slice() }],
  [0x09, { bytes: 1, read: (v, o, n) => new Int8Array(v.buffer, v.byteOffset + o, n).slice() }],
  [0x0b, { bytes: 2, read: (v, o, n) => new Int16Array(n).map((_, i) => v.getInt16(o + 2 * i)) }],
  [0x0c, { bytes: 4, read: (v, o, n) => new Int32Array(n).map((_, i) => v.getInt32(o + 4 * i)) }],
  [0x0d, { bytes: 4, read: (v, o, n) => new Float32Array(n).map((_, i) => v.getFloat32(o + 4 * i)) }],
  [0x0e, { bytes: 8, read: (v, o, n) => new Float64Array(n).map((_, i) => v.getFloat64(o + 8 * i)) }],
]);

const GET_AGAIN = 'Copy or download the file again.';

/**
 * Reads an IDX array from the bytes of a file, gzipped or plain.
 *
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_MAGIC when the bytes are no IDX file, MLD_DATA_TRUNCATED when there are fewer
 * bytes than the header announces, MLD_DATA_INVALID when there are more, and the errors of {@link
 * gunzipIfNeeded}
 */
export function readIdx(fileBytes: Uint8Array, file: string, maxBytes?: number): IdxArray {
  const bytes = gunzipIfNeeded(fileBytes, file, maxBytes);
  if (bytes.length < 4) throw truncated(file, 'a 4-byte magic number', 4, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = ELEMENT_TYPES.get(bytes[2]!);
  const rank = bytes[3]!;
  if (bytes[0] !== 0 || bytes[1] !== 0 || element === undefined || rank === 0) {
    throw new AuditError(
      'MLD_DATA_MAGIC',
      `${file}: starts with 0x${view.getUint32(0).toString(16).padStart(8, '0')}; an IDX file starts with 0x0000TTNN, ` +
        'TT being 08, 09, 0b, 0c, 0d or 0e (element type) and NN the number of dimensions (0x00000803 for images, ' +
        '0x00000801 for labels)',
      'Check that this is an IDX file and not, for example, a web page saved under its name.',
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw truncated(file, `a header for ${rank} dimensions`, header, bytes.length);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = header + count * element.bytes;
  if (bytes.length < expected) throw truncated(file, `shape [${shape}]`, expected, bytes.length);
  if (bytes.length > expected) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${file}: shape [${shape}] ends after ${expected} bytes, but the file has ${bytes.length}`,
      GET_AGAIN,
    );
  }
  return { shape, data: element.read(view, header, count) };
}

function truncated(file: string, what: string, expected: number, found: number): AuditError {
  return new AuditError(
    'MLD_DATA_TRUNCATED',
    `${file}: cut short, ${what} needs ${expected} bytes and there are ${found}`,
    GET_AGAIN,
  );
}
