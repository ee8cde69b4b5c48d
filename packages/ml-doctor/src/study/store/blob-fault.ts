/** Whether a blob is as it was written, without holding it in memory. */

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { systemReason } from '../../files/system-error.ts';

const CHUNK_BYTES = 1 << 20;

export const MISSING = 'is missing';

export interface Reading {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes were read since the last call. */
  readonly onBytes?: (count: number) => void;
}

/** What is wrong with a blob, to read on after its path; undefined when its bytes match its name. Throws the signal's reason. */
export async function blobFault(
  path: string,
  digest: string,
  { signal, onBytes = () => {} }: Reading = {},
): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const hash = createHash('sha256');
      // A blob of a few bytes, as most are, needs no more than that.
      const buffer = Buffer.allocUnsafe(Math.min((await file.stat()).size + 1, CHUNK_BYTES));
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
        onBytes(bytesRead);
      }
      return hash.digest('hex') === digest ? undefined : 'does not match its name';
    } finally {
      await file.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    // What `onBytes` throws is no fault of the blob.
    if (code === undefined) throw error;
    return code === 'ENOENT' ? MISSING : `cannot be read: ${systemReason(error)}`;
  }
}
