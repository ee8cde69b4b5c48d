/** Several files of which one must not be seen before the others are on disk. */

import { type StagedFile, stageFile } from '../../files/atomic-write.ts';

export interface Write {
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

/**
 * Writes `last` only once every name of `first` is durable. Bytes go to disk side by side, as each wait for the disk
 * costs more than what is written. Throws `MLD_OUTPUT_UNWRITABLE`; then `last` is not there, of `first` some may be,
 * each whole, and no temporary file is left.
 */
export async function writeInOrder(first: readonly Write[], last: Write): Promise<void> {
  const staged: StagedFile[] = [];
  const stage = async ({ path, bytes }: Write) => {
    const file = await stageFile(path, bytes);
    staged.push(file);
    return file;
  };
  try {
    const files = await all([last, ...first].map(stage));
    const [end, ...begin] = files;
    await all(begin.map((file) => file.publish()));
    await end?.publish();
  } catch (error) {
    await Promise.all(staged.map((file) => file.discard()));
    throw error;
  }
}

/** As Promise.all, but nothing is running any more when it rejects. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
