/** Ways into a store for those who do not fill it: nothing is made there. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { FolderStore } from './folder-store.ts';

const HINT = 'Give the folder that an audit or a study used as its store (--store).';

/**
 * For commands that read: nothing is written, so the file system may be read-only, and a folder that does not exist is
 * an empty store. Throws `MLD_USAGE` when there is something else in its place.
 */
export async function openStoreReadOnly(folder: string): Promise<FolderStore> {
  const store = new FolderStore(folder);
  await kindOf(store.folder);
  return store;
}

/** For commands that look after a store. Throws `MLD_USAGE` unless the folder is one: nothing else may be tidied. */
export async function openExistingStore(folder: string): Promise<FolderStore> {
  const store = new FolderStore(folder);
  if ((await kindOf(store.folder)) === 'missing')
    throw new AuditError('MLD_USAGE', `there is no store at ${store.folder}`, HINT);
  for (const part of ['tasks', 'blobs']) {
    if ((await kindOf(join(store.folder, part))) === 'missing')
      throw new AuditError('MLD_USAGE', `${store.folder} is not a store: it has no folder "${part}"`, HINT);
  }
  return store;
}

async function kindOf(path: string): Promise<'folder' | 'missing'> {
  try {
    if ((await stat(path)).isDirectory()) return 'folder';
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw new AuditError('MLD_USAGE', `${path} cannot be read: ${systemReason(cause)}`, HINT, { cause });
  }
  throw new AuditError('MLD_USAGE', `${path} is not a store: it is a file`, HINT);
}
