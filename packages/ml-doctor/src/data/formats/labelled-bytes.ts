/** Reads files of records of one fixed length, each a class byte and then its values as bytes or as bits. */
import { AuditError } from '../../errors.ts';
import { gunzipIfNeeded } from './gunzip.ts';

export interface LabelledBytes {
  readonly labels: Int32Array;
  /** Record after record. */
  readonly values: Uint8Array;
}

/**
 * Records of a class byte and `length` bytes, gzipped or plain: the binary layout of CIFAR-10, whose 3,072 bytes are
 * a red, a green and a blue plane.
 *
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_TRUNCATED when the last record is not whole or there is none, and the errors of
 * {@link gunzipIfNeeded}
 */
export function readByteRecords(
  fileBytes: Uint8Array,
  file: string,
  length: number,
  maxBytes?: number,
): LabelledBytes {
  const { bytes, count } = records(fileBytes, file, 1 + length, maxBytes);
  const labels = new Int32Array(count);
  const values = new Uint8Array(count * length);
  for (let i = 0; i < count; i++) {
    const start = i * (1 + length);
    labels[i] = bytes[start]!;
    values.set(bytes.subarray(start + 1, start + 1 + length), i * length);
  }
  return { labels, values };
}

/**
 * Records of a class byte and `width` bits, the first in the highest bit of a byte, filled up with 0 to whole bytes;
 * gzipped or plain. Every bit becomes a byte 0 or 1.
 *
 * @throws {AuditError} as {@link readByteRecords}
 */
export function readBitRecords(
  fileBytes: Uint8Array,
  file: string,
  width: number,
  maxBytes?: number,
): LabelledBytes {
  const stride = 1 + Math.ceil(width / 8);
  const { bytes, count } = records(fileBytes, file, stride, maxBytes);
  const labels = new Int32Array(count);
  const values = new Uint8Array(count * width);
  for (let i = 0; i < count; i++) {
    const start = i * stride;
    labels[i] = bytes[start]!;
    for (let bit = 0; bit < width; bit++)
      values[i * width + bit] = (bytes[start + 1 + (bit >> 3)]! >> (7 - (bit & 7))) & 1;
  }
  return { labels, values };
}

function records(
  fileBytes: Uint8Array,
  file: string,
  stride: number,
  maxBytes: number | undefined,
): { readonly bytes: Uint8Array; readonly count: number } {
  const bytes = gunzipIfNeeded(fileBytes, file, maxBytes);
  const count = Math.floor(bytes.length / stride);
  if (count > 0 && bytes.length === count * stride) return { bytes, count };
  throw new AuditError(
    'MLD_DATA_TRUNCATED',
    `${file}: cut short, ${bytes.length} bytes are not whole records of ${stride} bytes`,
    'Check that this is the right file, or copy or download it again.',
  );
}
