/** What of a store nobody can need any more. */

import { stat } from 'node:fs/promises';
import type { FolderStore } from './folder-store.ts';
import { inspectAll } from './inspect.ts';
import type { TaskRecord } from './task-record.ts';
import { listPart, placeOf } from './walk.ts';

/** Long after any run that might go on from it. */
const CHECKPOINT_MS = 30 * 24 * 60 * 60 * 1000;

export interface Survey {
  /** Keys. */
  readonly unkept: readonly string[];
  /** Keys. */
  readonly damaged: readonly string[];
  /** Digests of blobs. */
  readonly orphans: readonly string[];
  /** Paths. */
  readonly checkpoints: readonly string[];
}

export const NOTHING_TO_DO: Survey = { unkept: [], damaged: [], orphans: [], checkpoints: [] };

/**
 * @param keep keys of the tasks to keep; all when undefined.
 *
 * Throws `MLD_STORE_CORRUPT` when a record cannot be read, as nobody knows then which blobs it needs.
 */
export async function surveyOf(
  store: FolderStore,
  keep: ReadonlySet<string> | undefined,
  signal: AbortSignal | undefined,
): Promise<Survey> {
  const unkept: string[] = [];
  const damaged: string[] = [];
  const kept = new Map<string, readonly string[]>();
  await inspectAll(
    store,
    (key, { record, unreadable }) => {
      if (unreadable !== undefined) throw unreadable;
      if (record === undefined) damaged.push(key);
      else if (keep?.has(key) === false) unkept.push(key);
      else kept.set(key, digestsOf(record));
    },
    signal,
  );
  const blobs = new Set((await listPart(store.folder, 'blobs')).ids);
  const needed = new Set([...kept.values()].flat());
  const isDone = (key: string) => kept.get(key)?.every((digest) => blobs.has(digest)) === true;
  const checkpoints: string[] = [];
  for (const key of (await listPart(store.folder, 'scratch')).ids) {
    const path = placeOf.scratch(store.folder, key);
    if (isDone(key) || keep?.has(key) === false || (await isOld(path))) checkpoints.push(path);
  }
  return { unkept, damaged, orphans: [...blobs].filter((digest) => !needed.has(digest)), checkpoints };
}

/** Digests of the blobs that a record refers to. */
export const digestsOf = ({ blobs }: Pick<TaskRecord, 'blobs'>): string[] =>
  Object.values(blobs).map(({ sha256 }) => sha256);

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > CHECKPOINT_MS;
}
