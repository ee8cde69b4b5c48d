/**
 * Keeps those who write results and those who delete apart. Only manners, no lock: where a file system shows files
 * late, both may go ahead, and then at worst a task is computed again.
 */

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditError } from '../../errors.ts';
import { putMarker, type StoreUser } from './markers.ts';

const PATIENCE_MS = 60_000;

/** Held while a process works on a store. Closing it twice does no harm. */
export interface StoreSession {
  close(): Promise<void>;
}

/** The right to delete from a store. */
export interface TidySession extends StoreSession {
  /** Processes that write to the store just now. What they wrote without a record yet must stay. */
  readonly users: readonly StoreUser[];
}

export interface Waiting {
  readonly signal?: AbortSignal;
  /** How long to wait for somebody who deletes, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * Announces that this process writes to the store, after waiting for whoever deletes from it.
 * Throws `MLD_STORE_BUSY` when that takes over a minute, `MLD_OUTPUT_UNWRITABLE`, and the signal's reason.
 */
export async function startSession(folder: string, waiting: Waiting = {}): Promise<StoreSession> {
  const marker = await putMarker(folder, 'run');
  try {
    // The marker stays while waiting: whoever begins to delete sees it and does no more than is safe.
    await untilFree(folder, waiting, async () => (await marker.others()).find(isTidying));
    return marker;
  } catch (error) {
    await marker.close();
    throw error;
  }
}

/** As {@link startSession}, for one who deletes: one at a time. */
export async function startTidying(folder: string, waiting: Waiting = {}): Promise<TidySession> {
  let session: TidySession | undefined;
  await untilFree(folder, waiting, async () => {
    const marker = await putMarker(folder, 'tidy');
    const users = await marker.others();
    const rival = users.find(isTidying);
    // Two that come at once both step back, and try again at different times.
    if (rival === undefined) session = { users, close: marker.close };
    else await marker.close();
    return rival;
  });
  return session!;
}

/** The error for what cannot be done while others write to the store. */
export function storeBusy(folder: string, user: StoreUser, what: string): AuditError {
  const { pid, host, startedAt } = user;
  const since = startedAt === undefined ? '' : ` since ${startedAt}`;
  return new AuditError(
    'MLD_STORE_BUSY',
    `${what}: process ${pid}${host === undefined ? '' : ` on ${host}`} has been at work on the store ${folder}${since}`,
    'Wait until it has ended, then run again; one that was killed is forgotten after ten minutes at most.',
  );
}

const isTidying = ({ purpose }: StoreUser) => purpose === 'tidy';

async function untilFree(
  folder: string,
  { signal, patienceMs = PATIENCE_MS }: Waiting,
  rivalNow: () => Promise<StoreUser | undefined>,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal?.throwIfAborted();
    const rival = await rivalNow();
    if (rival === undefined) return;
    if (performance.now() >= deadline) throw storeBusy(folder, rival, 'cannot begin');
    await sleep(randomInt(100, 400), undefined, signal === undefined ? {} : { signal });
  }
}
