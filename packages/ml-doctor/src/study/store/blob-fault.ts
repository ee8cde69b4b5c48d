/** Whether a blob is as it was written, without holding it in memory. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
  } catch (error) {
    signal?.throwIfAborted();
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? MISSING : `cannot be read: ${systemReason(error)}`;
  }
  return hash.digest('hex') === digest ? undefined : 'does not match its name';
}
