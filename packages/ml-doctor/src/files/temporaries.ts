/** Names of files that are still being written. Each tells its writer, so that what a killed one left can go. */

import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRunning, machineId } from './machine.ts';

const PREFIX = '.tmp-';
const WRITER = /^\.tmp-([0-9a-f]{12})\.(\d+)-/;
/** Old enough that its writer cannot be alive, wherever it ran; writing takes seconds. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** A name in the folder that nobody else uses. */
export function temporaryPath(folder: string): string {
  return join(folder, `${PREFIX}${machineId()}.${process.pid}-${randomUUID()}`);
}

export function isTemporary(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Whether nobody can be writing the temporary file any more; also true of one that is gone. */
export async function isAbandoned(path: string): Promise<boolean> {
  const [, machine, pid] = WRITER.exec(basename(path)) ?? [];
  if (machine === machineId() && !isRunning(Number(pid))) return true;
  const found = await stat(path).catch(() => undefined);
  return found === undefined || Date.now() - found.mtimeMs > ABANDONED_MS;
}

/** Removes what killed writers left in a folder. Another process sweeping at the same time is no problem. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isTemporary)) {
    const path = join(folder, name);
    if (await isAbandoned(path)) await rm(path, { force: true });
  }
}
