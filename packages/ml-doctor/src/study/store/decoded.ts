/** The decoded pictures that a store keeps for its runs: counted and checked, never needed to read a result. */

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readNote } from '../../data/pictures/decoded-files.ts';
import { blobFault, MISSING, type Reading } from './blob-fault.ts';

/** Folder of a store in which they lie. */
export const DECODED = 'data';

const FILE = /^[0-9a-f]{64}\.(?:bin|json|set)$/;
const NOTE = /^[0-9a-f]{64}\.json$/;

/** Paths of all files of decoded pictures; none where the folder is missing or cannot be read. */
export async function decodedFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, DECODED)).catch(() => []);
  return names
    .filter((name) => FILE.test(name))
    .sort()
    .map((name) => join(folder, DECODED, name));
}

/** Both files of some decoded pictures, the bytes first, by the path of one. */
export const filesOf = (path: string): [bytes: string, note: string] => {
  const stem = path.replace(/\.(?:bin|json)$/, '');
  return [`${stem}.bin`, `${stem}.json`];
};

export interface DamagedPictures {
  readonly path: string;
  /** What is wrong, to read on after the path. */
  readonly why: string;
}

/** Of pictures whose note is there: without one they count for nothing, or are just being written. */
export async function damagedPictures(folder: string, reading: Reading): Promise<DamagedPictures[]> {
  const damaged: DamagedPictures[] = [];
  for (const path of await decodedFiles(folder)) {
    if (!NOTE.test(basename(path))) continue;
    const found = await pictureFault(path, reading);
    if (found !== undefined) damaged.push(found);
  }
  return damaged;
}

async function pictureFault(path: string, reading: Reading): Promise<DamagedPictures | undefined> {
  const note = await readNote(path);
  if (note === undefined) return { path, why: 'is not whole' };
  const [bytes] = filesOf(path);
  const why = await blobFault(bytes, note.sha256, reading);
  if (why === undefined) return undefined;
  return { path: bytes, why: why === MISSING ? why : why.replace('its name', 'what was written') };
}
