/** The values of the records of a data set: in memory, or bytes in a file that is read by position. */

/** What it has in common with a Uint8Array is all that may be asked of values that can be large. */
export interface FiledBytes {
  readonly BYTES_PER_ELEMENT: 1;
  readonly length: number;
  /** Of all of them, hex. */
  readonly sha256: string;
  /** A copy, read from the file. */
  subarray(from: number, to: number): Uint8Array;
}

export type Values = Uint8Array | Float32Array | FiledBytes;
