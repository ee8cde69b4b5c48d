/**
 * Data sets of decoded pictures as a folder keeps them beside the pictures, found by their content hash: a process that
 * knows what it wants opens no archive for it.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { createDataset, type Dataset } from '../dataset.ts';
import { isInMemory } from '../values.ts';
import { filedBytes } from './filed-bytes.ts';

const FORMAT = 1;

const placeOf = (folder: string, contentHash: string): string => join(folder, `${contentHash}.set`);

/** What is in memory anyhow is not kept. A folder that cannot be written to is no reason to fail: nothing is kept then. */
export const keepDataset = async (data: Dataset, folder: string): Promise<void> => {
  const { x, contentHash, size: _, ...rest } = data;
  if (isInMemory(x)) return;
  const { path, length, sha256 } = x;
  const values = { file: basename(path), length, sha256 };
  const bytes = serialize({ format: FORMAT, values, rest });
  await writeFileAtomically(placeOf(folder, contentHash), bytes).catch(() => undefined);
};

/**
 * Undefined where it is not there or not whole: whatever was changed in it has another content hash.
 *
 * @param id what it is called here; the hash knows nothing of names
 */
export const findKeptDataset = async (
  { id, contentHash }: Pick<Dataset, 'id' | 'contentHash'>,
  folder: string,
): Promise<Dataset | undefined> => {
  try {
    const { format, values, rest } = deserialize(await readFile(placeOf(folder, contentHash)));
    if (format !== FORMAT) return undefined;
    const x = filedBytes(join(folder, basename(values.file)), values.length, values.sha256);
    // Opened now: pictures that are gone are found elsewhere.
    x.subarray(0, 1);
    const found = createDataset({ ...rest, id, x });
    return found.contentHash === contentHash ? found : undefined;
  } catch {
    return undefined;
  }
};
