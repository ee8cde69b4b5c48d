/** Cuts bytes that come in pieces, as out of a large archive, into records of one length. */
import { AuditError } from '../../errors.ts';
import { byteStream } from './byte-stream.ts';
import { withFile } from './file-bytes.ts';
import { wholeRange } from './idx-rows.ts';
import type { TakePart } from './tar-stream.ts';

export interface RecordParts {
  readonly push: TakePart;
  /** @throws {AuditError} MLD_DATA_TRUNCATED when records are missing or the last is not whole */
  readonly end: () => void;
}

/**
 * @param file name used in error messages
 * @param visit gets each record in its order; its bytes are overwritten by the next
 */
export function recordParts(
  file: string,
  width: number,
  count: number,
  visit: (record: Uint8Array, index: number) => void,
): RecordParts {
  const waiting = new Uint8Array(width);
  let [filled, index, total] = [0, 0, 0];
  const take = (record: Uint8Array) => {
    if (index === count) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${file}: has more than the ${count} records of ${width} bytes expected`,
        'Check that this is the right file.',
      );
    }
    visit(record, index++);
  };
  return {
    push(part) {
      total += part.length;
      for (let at = 0; at < part.length; ) {
        const length = Math.min(width - filled, part.length - at);
        const piece = part.subarray(at, at + length);
        at += length;
        if (length === width) {
          take(piece);
          continue;
        }
        waiting.set(piece, filled);
        filled += length;
        if (filled < width) continue;
        filled = 0;
        take(waiting);
      }
    },
    end() {
      if (index === count && filled === 0) return;
      throw new AuditError(
        'MLD_DATA_TRUNCATED',
        `${file}: cut short, ${total} bytes where ${count} records of ${width} bytes are expected`,
        'Check that this is the right file, or copy or download it again.',
      );
    },
  };
}

/**
 * The content of a file, gzipped or plain, piece by piece.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_TRUNCATED, MLD_DATA_CHECKSUM, what `take` throws
 */
export const readParts = (path: string, take: TakePart, signal?: AbortSignal): Promise<void> =>
  withFile(path, async (file) => {
    for await (const block of byteStream(file, await wholeRange(file), signal)) take(block);
  });
