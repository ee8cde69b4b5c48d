/** The values of the records of a data set: in memory, or bytes in a file that is read by position. */

/** What it has in common with a Uint8Array is all that may be asked of values that can be large. */
export interface FiledBytes {
  readonly BYTES_PER_ELEMENT: 1;
  readonly length: number;
  /** Of the file. */
  readonly path: string;
  /** Of all of them, hex. */
  readonly sha256: string;
  /** A copy, read from the file. */
  subarray(from: number, to: number): Uint8Array;
}

export type ValuesInMemory = Uint8Array | Float32Array;

export type Values = ValuesInMemory | FiledBytes;

/** Whether they are whole numbers from 0 to 255, wherever they lie. */
export const isBytes = (x: Values): x is Uint8Array | FiledBytes => x.BYTES_PER_ELEMENT === 1;

export const isInMemory = (x: Values): x is ValuesInMemory => ArrayBuffer.isView(x);

/**
 * All of them in memory, read from the file if need be: for table rows and other small sets, and for what is written
 * out whole. Pictures by the hundred thousand are taken a record or a block at a time.
 */
export const inMemory = (x: Values): ValuesInMemory => (isInMemory(x) ? x : x.subarray(0, x.length));

/** Values of the same kind for `length` of them, all 0. */
export const valuesLike = (x: Values, length: number): ValuesInMemory =>
  isBytes(x) ? new Uint8Array(length) : new Float32Array(length);

/** Where the first value lies that is as wanted; -1 where none is. @param length of a record */
export const findValue = (x: Values, length: number, wanted: (value: number) => boolean): number => {
  for (const { values, first } of blocksOf(x, length)) {
    const at = values.findIndex(wanted);
    if (at >= 0) return first * length + at;
  }
  return -1;
};

/** Bytes held at a time of what lies in a file. */
const BLOCK = 2 ** 22;

/** Neighbouring whole records. */
export interface Block {
  readonly values: ValuesInMemory;
  /** Number of the first of them. */
  readonly first: number;
  readonly records: number;
}

/** All records of `length` values in order, some at a time; everything at once where it is in memory. */
export function* blocksOf(x: Values, length: number): Generator<Block> {
  const records = x.length / length;
  if (isInMemory(x)) {
    yield { values: x, first: 0, records };
    return;
  }
  const most = Math.max(1, Math.floor(BLOCK / length));
  for (let first = 0; first < records; first += most) {
    const end = Math.min(records, first + most);
    yield { values: x.subarray(first * length, end * length), first, records: end - first };
  }
}
