/** Files that are either whole or not there, whenever the process or the machine stops. */

import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritable } from './system-error.ts';
import { temporaryPath } from './temporaries.ts';

/** How often a folder is made again that somebody removes while it is still empty. */
const ATTEMPTS = 10;

/** A file whose bytes are on disk beside the name they are meant for. */
export interface StagedFile {
  /** Gives the file its name, and makes the name durable. Throws `MLD_OUTPUT_UNWRITABLE`, leaving nothing behind. */
  publish(): Promise<void>;
  /** Removes the file instead. */
  discard(): Promise<void>;
}

/**
 * Writes beside the destination and syncs; nothing has the name until `publish`. The file has mode 0600 and its folder,
 * if new, 0700. Throws `MLD_OUTPUT_UNWRITABLE`, leaving nothing behind.
 */
export async function stageFile(path: string, bytes: Uint8Array | string): Promise<StagedFile> {
  const folder = dirname(path);
  const temporary = temporaryPath(folder);
  const discard = () => rm(temporary, { force: true }).catch(() => undefined);
  const orDiscard = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      await discard();
      throw unwritable(path, error);
    }
  };
  await orDiscard(() => writeMakingFolders(temporary, bytes));
  return {
    discard,
    publish: () =>
      orDiscard(async () => {
        await rename(temporary, path);
        // Somebody tidying may have taken the file, and with it the folder, at once.
        await syncFolder(folder).catch(unlessMissing);
      }),
  };
}

/** {@link stageFile} and publish at once: of several writers at a time one wins whole. */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const staged = await stageFile(path, bytes);
  await staged.publish();
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Tries first: looking for a folder that is nearly always there would only take time. */
async function writeMakingFolders(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  let made = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeSynced(path, bytes);
      // Not before: whoever tidies empty folders away should hardly find a moment to take this one.
      if (made) await syncFolder(dirname(folder));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === ATTEMPTS) throw error;
      await makeFolders(dirname(folder));
      await makeFolder(folder);
      made = true;
    }
  }
}

/**
 * Creates what is missing of a path, from the top, with mode 0700, and makes each name durable. Throws the system's
 * error. Not mkdir's `recursive`, which never returns where a system folder refuses new entries with ENOENT (`/proc` on
 * Node 20).
 *
 * @param onMade told of each folder that was not there, before anything else can fail.
 */
export async function makeFolders(folder: string, onMade: (path: string) => void = () => {}): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    const found = await stat(path).catch(unlessMissing);
    if (found?.isDirectory()) break;
    if (found !== undefined)
      throw Object.assign(new Error(path), { code: path === folder ? 'EEXIST' : 'ENOTDIR' });
    missing.unshift(path);
  }
  for (const path of missing) {
    if (!(await makeFolder(path))) continue;
    onMade(path);
    await syncFolder(dirname(path));
  }
}

/** False when another run made it in between; should it be a file, the next step says so. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Writes a new file of mode 0600 and waits until it is on disk. Throws the system's error. */
export async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable. Throws the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
