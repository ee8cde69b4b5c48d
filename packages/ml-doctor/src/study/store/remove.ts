/** The ways in which files of a store are deleted. */

import { readFile, rm, stat } from 'node:fs/promises';
import { unwritable } from '../../files/system-error.ts';
import type { FolderStore } from './folder-store.ts';
import { inParallel } from './in-parallel.ts';
import { inspectAll } from './inspect.ts';
import { digestsOf } from './survey.ts';
import { removeIf, type TakenFile, takeAside } from './take-aside.ts';
import { add, NOTHING, type Tally } from './tally.ts';
import { inspectRecord } from './task-record.ts';

/** Deletes what is there of these files. Throws `MLD_OUTPUT_UNWRITABLE`, and the signal's reason. */
export function removeFiles(paths: readonly string[], signal?: AbortSignal): Promise<Tally> {
  return removeEach(
    paths,
    async (path) => {
      const found = await stat(path).catch(() => undefined);
      await rm(path, { force: true }).catch((error) => {
        throw unwritable(path, error);
      });
      return found?.size;
    },
    signal,
  );
}

/** Deletes records unless they are sound and their blobs there, as when written anew. Throws as {@link removeFiles}. */
export function removeUnusableRecords(
  store: FolderStore,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<Tally> {
  const isUnusable = async (aside: string, key: string) => {
    const text = await readFile(aside, 'utf8').catch(() => '');
    const { record } = inspectRecord(text, key);
    return record === undefined || (await store.lacking(record)).length > 0;
  };
  return removeEach(
    keys,
    (key) => removeIf(store.recordPath(key), (aside) => isUnusable(aside, key)),
    signal,
  );
}

/**
 * Deletes blobs unless a record refers to them by now: takes all away, then looks at every record. Throws as
 * {@link removeFiles}, and `MLD_STORE_CORRUPT` when a record cannot be read; then what is left is back.
 */
export async function removeOrphans(
  store: FolderStore,
  digests: readonly string[],
  signal?: AbortSignal,
): Promise<Tally> {
  const taken = new Map<string, TakenFile>();
  try {
    await inParallel(digests, async (digest) => {
      signal?.throwIfAborted();
      const file = await takeAside(store.blobPath(digest));
      if (file !== undefined) taken.set(digest, file);
    });
    const needed = taken.size === 0 ? new Set() : await neededDigests(store, signal);
    return await removeEach(
      [...taken].filter(([digest]) => !needed.has(digest)),
      async ([digest, file]) => {
        await file.remove();
        taken.delete(digest);
        return file.length;
      },
      signal,
    );
  } finally {
    for (const file of taken.values()) await file.restore();
  }
}

async function neededDigests(store: FolderStore, signal: AbortSignal | undefined): Promise<Set<string>> {
  const needed = new Set<string>();
  await inspectAll(
    store,
    (_, { record, unreadable }) => {
      if (unreadable !== undefined) throw unreadable;
      for (const digest of record === undefined ? [] : digestsOf(record)) needed.add(digest);
    },
    signal,
  );
  return needed;
}

/** @param remove returns the length of what it deleted, undefined when it deleted nothing. */
export async function removeEach<T>(
  items: readonly T[],
  remove: (item: T) => Promise<number | undefined>,
  signal: AbortSignal | undefined,
): Promise<Tally> {
  let tally = NOTHING;
  await inParallel(items, async (item) => {
    signal?.throwIfAborted();
    const length = await remove(item);
    if (length !== undefined) tally = add(tally, length);
  });
  return tally;
}
