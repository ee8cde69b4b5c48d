/** One small file per process that uses a store, kept young while it lives: who is there, as far as files can tell. */

import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from '../../files/atomic-write.ts';
import { isRunning, machineId } from '../../files/machine.ts';
import { unwritable } from '../../files/system-error.ts';

const RENEW_MS = 30_000;
/** Many missed renewals: longer than any pause of a process that still works. */
const SILENT_MS = 10 * 60 * 1000;
/** A silent process that wakes after all writes its marker anew, so removing it is only tidying. */
const REMOVE_MS = 24 * 60 * 60 * 1000;
const NAME = /^(run|tidy)\.([0-9a-f]{12})\.(\d+)\.[0-9a-f-]{36}\.json$/;

/** `run` writes results; `tidy` deletes. */
export type Purpose = 'run' | 'tidy';

/** A process that is at work on the store. */
export interface StoreUser {
  readonly purpose: Purpose;
  readonly pid: number;
  /** Undefined where its marker is just being written. */
  readonly host?: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
}

export interface Marker {
  /** Everybody else. Removes markers of processes that are gone. */
  others(): Promise<readonly StoreUser[]>;
  close(): Promise<void>;
}

/** Throws `MLD_OUTPUT_UNWRITABLE`. */
export async function putMarker(folder: string, purpose: Purpose): Promise<Marker> {
  const sessions = join(folder, 'sessions');
  const path = join(sessions, `${purpose}.${machineId()}.${process.pid}.${randomUUID()}.json`);
  const text = `${JSON.stringify({ host: hostname(), pid: process.pid, startedAt: new Date().toISOString() })}\n`;
  // Written rather than touched: then the time is the file system's, the same for all who share it.
  const write = () => writeFile(path, text, { mode: 0o600 });
  const remove = () => rm(path, { force: true }).catch(() => undefined);
  try {
    await makeFolders(sessions);
    await write();
  } catch (error) {
    // Deleting is what helps a full disk; should it go without a marker, whoever commits still looks after its blobs.
    const isFull = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!isFull || purpose !== 'tidy') {
      await remove();
      throw unwritable(folder, error, '--store');
    }
  }
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = write().catch(() => undefined);
  }, RENEW_MS);
  timer.unref();
  return {
    async others() {
      await write().catch(() => undefined);
      const { mtimeMs: now } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      return usersOf(sessions, { now, except: path, tidy: true });
    },
    async close() {
      clearInterval(timer);
      await renewal;
      await remove();
    },
  };
}

/** Who is at work, for those who leave no marker. Changes nothing. */
export async function storeUsers(folder: string): Promise<readonly StoreUser[]> {
  return usersOf(join(folder, 'sessions'), { now: Date.now(), tidy: false });
}

interface Look {
  /** What a file written now would carry as its time, in milliseconds. */
  readonly now: number;
  readonly except?: string;
  readonly tidy: boolean;
}

async function usersOf(sessions: string, { now, except, tidy }: Look): Promise<StoreUser[]> {
  const names = await readdir(sessions).catch(() => []);
  const users: StoreUser[] = [];
  for (const name of names) {
    const [, purpose, machine, pid] = NAME.exec(name) ?? [];
    const path = join(sessions, name);
    if (purpose === undefined || path === except) continue;
    const written = await stat(path).catch(() => undefined);
    if (written === undefined) continue;
    const silent = now - written.mtimeMs;
    const gone = machine === machineId() && !isRunning(Number(pid));
    if (!gone && silent <= SILENT_MS)
      users.push({ purpose: purpose as Purpose, pid: Number(pid), ...(await details(path)) });
    else if (tidy && (gone || silent > REMOVE_MS)) await rm(path, { force: true }).catch(() => undefined);
  }
  return users;
}

async function details(path: string): Promise<Pick<StoreUser, 'host' | 'startedAt'>> {
  try {
    const { host, startedAt } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    return {
      ...(typeof host === 'string' ? { host } : {}),
      ...(typeof startedAt === 'string' ? { startedAt } : {}),
    };
  } catch {
    return {};
  }
}
