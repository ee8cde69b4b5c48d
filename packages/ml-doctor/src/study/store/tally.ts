/** How many files, and how long. */

import { inParallel } from './in-parallel.ts';
import { SmallFiles } from './small-files.ts';

/** Files and their lengths, added up. */
export interface Tally {
  readonly files: number;
  readonly bytes: number;
}

export const NOTHING: Tally = { files: 0, bytes: 0 };

export const add = ({ files, bytes }: Tally, length: number): Tally => ({
  files: files + 1,
  bytes: bytes + length,
});

/** The length of each file, in the order of the paths; undefined for a file that is gone. */
export async function lengthsOf(paths: readonly string[]): Promise<(number | undefined)[]> {
  const files = new SmallFiles();
  const lengths: (number | undefined)[] = new Array(paths.length).fill(undefined);
  await inParallel(paths.entries(), async ([index, path]) => {
    lengths[index] = await files.length(path);
  });
  return lengths;
}

export async function tallyOf(paths: readonly string[]): Promise<Tally> {
  const lengths = await lengthsOf(paths);
  return lengths.filter((length) => length !== undefined).reduce<Tally>(add, NOTHING);
}
