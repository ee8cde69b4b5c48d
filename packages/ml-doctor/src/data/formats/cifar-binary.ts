/** Reads CIFAR's binary files, gzipped or plain: one or two class bytes, then 3,072 of a picture, plane after plane. */
import { AuditError } from '../../errors.ts';
import { byteStream } from './byte-stream.ts';
import { withFile } from './file-bytes.ts';
import { wholeRange } from './idx-rows.ts';
import { pickRows } from './pick-rows.ts';

export const CIFAR_SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;

export interface CifarFile {
  readonly records: number;
  /** 1 in CIFAR-10; 2 in CIFAR-100, the coarse class and then the fine one. */
  readonly labelBytes: 1 | 2;
}

/**
 * Tells the two layouts apart by the number of bytes.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_TRUNCATED when records are not whole, MLD_DATA_INVALID when both layouts fit
 */
export function cifarFile(path: string, signal?: AbortSignal): Promise<CifarFile> {
  return withFile(path, async (file) => {
    const range = await wholeRange(file);
    let length = 0;
    if (range.method === 'stored') length = file.size;
    else for await (const block of byteStream(file, range, signal)) length += block.length;
    const fits = ([1, 2] as const).filter((labelBytes) => length > 0 && length % (labelBytes + PIXELS) === 0);
    const [labelBytes] = fits;
    if (labelBytes === undefined) {
      throw new AuditError(
        'MLD_DATA_TRUNCATED',
        `${path}: ${length} bytes are no whole records of CIFAR-10 (3,073 bytes) or CIFAR-100 (3,074)`,
        'Check that this is a CIFAR binary file, or copy or download it again.',
      );
    }
    if (fits.length > 1) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${path}: ${length} bytes are whole records of CIFAR-10 and of CIFAR-100`,
        'Take off one record, or save the pictures as .npz.',
      );
    }
    return { records: length / (labelBytes + PIXELS), labelBytes };
  });
}

/**
 * Goes through all records in their order; `pixels` is overwritten after the call.
 *
 * @throws {AuditError} as {@link cifarFile}, and MLD_DATA_CHECKSUM
 */
export function eachCifarRecord(
  path: string,
  { records, labelBytes }: CifarFile,
  visit: (row: number, labels: Uint8Array, pixels: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  return withFile(path, async (file) => {
    const width = labelBytes + PIXELS;
    const blocks = byteStream(file, await wholeRange(file), signal);
    await pickRows(
      blocks,
      { name: path, rows: records, width, size: 1, start: 0 },
      undefined,
      (view, at, row) => {
        const bytes = new Uint8Array(view.buffer, view.byteOffset + at, width);
        visit(row, bytes.subarray(0, labelBytes), bytes.subarray(labelBytes));
      },
    );
  });
}
