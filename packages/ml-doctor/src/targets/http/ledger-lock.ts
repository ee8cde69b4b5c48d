/** One process at a time may ask: two that don't see each other's answers would pay twice. */
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { isRunning, machineId } from '../../files/machine.ts';

export interface Lock {
  release(): Promise<void>;
}

/** A holder shows this often that it lives; elsewhere than on its machine nobody could tell otherwise. */
const BEAT_MS = 60_000;
const SILENT_MS = 10 * BEAT_MS;

/**
 * What a killed process left is taken over: at once on the same machine, after ten minutes elsewhere.
 *
 * @throws {AuditError} MLD_STORE_BUSY; and the system's error
 */
export const lockLedger = async (folder: string): Promise<Lock> => {
  const path = join(folder, 'lock');
  const own = JSON.stringify({ machine: machineId(), pid: process.pid, id: randomUUID() });
  for (let attempt = 0; !(await create(path, own)); attempt++) {
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === undefined) continue;
    if (attempt > 10 || !(await isDead(path, holder))) throw busy(folder, holder);
    await takeAway(folder, path, holder);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if ((await readFile(path, 'utf8').catch(() => undefined)) === own) await rm(path, { force: true });
    },
  };
};

/** Whole or not at all: a file under another name gets the lock's name when it is complete. */
const create = async (path: string, text: string): Promise<boolean> => {
  const staged = `${path}-${randomUUID()}`;
  const handle = await open(staged, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  try {
    await link(staged, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(staged, { force: true });
  }
};

const isDead = async (path: string, holder: string): Promise<boolean> => {
  const { machine, pid } = parsed(holder);
  if (machine === machineId() && pid !== undefined) return !isRunning(pid);
  const found = await stat(path).catch(() => undefined);
  return found === undefined || Date.now() - found.mtimeMs > SILENT_MS;
};

const takeAway = async (folder: string, path: string, holder: string): Promise<void> => {
  const aside = join(folder, `stale-${randomUUID()}`);
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // Somebody quicker may have taken it over already: it is his, then.
  if ((await readFile(aside, 'utf8').catch(() => holder)) !== holder)
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
};

const parsed = (text: string): { readonly machine?: string; readonly pid?: number } => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const busy = (folder: string, holder: string): AuditError => {
  const { pid } = parsed(holder);
  return new AuditError(
    'MLD_STORE_BUSY',
    `${pid === undefined ? 'another process' : `process ${pid}`} is asking the same endpoint, with the ledger ${folder}`,
    'Wait until it has ended, then run again; one that was killed on another machine is forgotten after ten minutes.',
  );
};
