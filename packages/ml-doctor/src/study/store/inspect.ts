/** Every record of a store, sound or not. */

import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import type { FolderStore } from './folder-store.ts';
import { inParallel } from './in-parallel.ts';
import { type Inspection, inspectRecord } from './task-record.ts';

/** Undefined for a task without a record. That a record cannot be read is a fault like any other. */
export async function inspect(store: FolderStore, key: string): Promise<Inspection | undefined> {
  try {
    const text = await store.recordText(key);
    return text === undefined ? undefined : inspectRecord(text, key);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { fault: `cannot be read: ${systemReason(error.cause)}`, unreadable: error };
  }
}

/**
 * In any order; a record that goes meanwhile is passed over. Throws `MLD_STORE_CORRUPT` when a folder cannot be read,
 * what `visit` throws, and the signal's reason.
 */
export async function inspectAll(
  store: FolderStore,
  visit: (key: string, found: Inspection) => void,
  signal?: AbortSignal,
): Promise<void> {
  await inParallel(await store.keys(), async (key) => {
    signal?.throwIfAborted();
    const found = await inspect(store, key);
    if (found !== undefined) visit(key, found);
  });
}
