/** Files that are either whole or not there, whenever the process or the machine stops. */

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuditError } from '../../errors.ts';

const TEMPORARY = '.tmp-';
/** Old enough that its writer cannot be alive; writing takes seconds. */
const SWEEP_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Writes beside the destination, syncs, renames over it, syncs the folder. Of several writers at once one wins whole.
 * The file has mode 0600 and its folder, if new, 0700. Throws `MLD_OUTPUT_UNWRITABLE`, leaving nothing behind.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `${TEMPORARY}${process.pid}-${randomUUID()}`);
  try {
    await makeFolder(folder);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/**
 * Makes a folder of mode 0700 with its parents, and makes its name durable. Throws the system's error. Node's own
 * recursive mkdir never returns where the system answers ENOENT under an existing parent, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder || (await stat(parent).catch(() => undefined))) throw error;
    await makeFolder(parent);
    return makeFolder(folder);
  }
  await syncFolder(dirname(folder));
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

/** The one error for a place that cannot be written, with a hint that fits the system's reason. */
export function unwritable(path: string, cause: unknown): AuditError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new AuditError(
    'MLD_OUTPUT_UNWRITABLE',
    `cannot write ${path}: ${full ? 'no space is left on the disk' : code}`,
    full
      ? 'Free some space, or choose another folder, and run again.'
      : 'Choose a folder that this user can write to.',
    { cause },
  );
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
