/** Files that are either whole or not there, whenever the process or the machine stops. */

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unwritable } from './system-error.ts';

const TEMPORARY = '.tmp-';
/** Old enough that its writer cannot be alive; writing takes seconds. */
const SWEEP_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Writes beside the destination, syncs, renames over it, syncs the folder. Of several writers at once one wins whole.
 * The file has mode 0600 and its folder, if new, 0700. Throws `MLD_OUTPUT_UNWRITABLE`, leaving nothing behind.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const temporary = temporaryPath(folder);
  try {
    await makeFolders(folder);
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/** A name in the folder that nobody else uses, and that {@link sweepTemporaries} removes should it be left behind. */
export function temporaryPath(folder: string): string {
  return join(folder, `${TEMPORARY}${process.pid}-${randomUUID()}`);
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
    const found = await stat(path).catch(absent);
    if (found?.isDirectory()) break;
    if (found !== undefined)
      throw Object.assign(new Error(path), { code: path === folder ? 'EEXIST' : 'ENOTDIR' });
    missing.unshift(path);
  }
  for (const path of missing) {
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      // Another run made it in between; should it be a file, the next step says so.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    onMade(path);
    await syncFolder(dirname(path));
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
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

/** Removes what killed writers left in a folder, once old. Another process sweeping at the same time is no problem. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(TEMPORARY))) {
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written !== undefined && Date.now() - written.mtimeMs > SWEEP_AGE_MS) await rm(path, { force: true });
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
