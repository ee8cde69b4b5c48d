/** Deletes what nobody can need any more, and nothing that a readable record refers to. */

import { rmdir } from 'node:fs/promises';
import { isAbandoned } from '../../files/temporaries.ts';
import type { FolderStore } from './folder-store.ts';
import { inParallel } from './in-parallel.ts';
import { type StoreUser, storeUsers } from './markers.ts';
import { removeFiles, removeOrphans, removeUnusableRecords } from './remove.ts';
import { startTidying, storeBusy, type Waiting } from './sessions.ts';
import { NOTHING_TO_DO, surveyOf } from './survey.ts';
import { type Tally, tallyOf } from './tally.ts';
import { listPart, PARTS, temporariesIn } from './walk.ts';

export interface GcOptions extends Waiting {
  /** Counts what would go, and writes nothing at all. */
  readonly dryRun?: boolean;
  /** Keys of the tasks to keep; every other record and checkpoint goes too. */
  readonly keep?: ReadonlySet<string>;
}

/** What went, or would go. */
export interface GcResult {
  readonly dryRun: boolean;
  /** Others at work on the store. With any, only `temporaries` were looked at: the rest may be about to be needed. */
  readonly users: readonly StoreUser[];
  /** Files that a killed process was writing. */
  readonly temporaries: Tally;
  /** Records of tasks that are not to be kept. */
  readonly records: Tally;
  /** Records that cannot be used. */
  readonly damagedRecords: Tally;
  /** Blobs that no record refers to. */
  readonly blobs: Tally;
  /** Checkpoints of tasks that are done, are not to be kept, or were last worked on a month ago. */
  readonly checkpoints: Tally;
}

/**
 * Waits for others who delete. Throws `MLD_STORE_BUSY` when that takes over a minute, or when there is something to
 * keep and others are at work; `MLD_STORE_CORRUPT`, before anything is deleted, when a record cannot be read, as
 * nobody knows then which blobs it needs; `MLD_OUTPUT_UNWRITABLE`; the signal's reason.
 */
export async function gcStore(store: FolderStore, options: GcOptions = {}): Promise<GcResult> {
  if (options.dryRun === true) return sweep(store, options, await storeUsers(store.folder));
  const session = await startTidying(store.folder, options);
  try {
    return await sweep(store, options, session.users);
  } finally {
    await session.close();
  }
}

async function sweep(
  store: FolderStore,
  { dryRun = false, keep, signal }: GcOptions,
  users: readonly StoreUser[],
): Promise<GcResult> {
  const [user] = users;
  if (keep !== undefined && user !== undefined)
    throw storeBusy(store.folder, user, 'results cannot be deleted now');
  // All reading comes first: what cannot be read must end this before anything is deleted.
  const survey = user === undefined ? await surveyOf(store, keep, signal) : NOTHING_TO_DO;
  const abandoned = await abandonedIn(store.folder);
  const recordsOf = (keys: readonly string[]) => keys.map((key) => store.recordPath(key));
  if (dryRun)
    return {
      dryRun,
      users,
      temporaries: await tallyOf(abandoned),
      records: await tallyOf(recordsOf(survey.unkept)),
      damagedRecords: await tallyOf(recordsOf(survey.damaged)),
      blobs: await tallyOf(survey.orphans.map((digest) => store.blobPath(digest))),
      checkpoints: await tallyOf(survey.checkpoints),
    };
  const result = {
    dryRun,
    users,
    temporaries: await removeFiles(abandoned, signal),
    records: await removeFiles(recordsOf(survey.unkept), signal),
    damagedRecords: await removeUnusableRecords(store, survey.damaged, signal),
    blobs: await removeOrphans(store, survey.orphans, signal),
    checkpoints: await removeFiles(survey.checkpoints, signal),
  };
  if (user === undefined) await removeEmptyFolders(store.folder);
  return result;
}

async function abandonedIn(folder: string): Promise<string[]> {
  const abandoned: string[] = [];
  await inParallel(await temporariesIn(folder), async (path) => {
    if (await isAbandoned(path)) abandoned.push(path);
  });
  return abandoned;
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const part of PARTS) {
    const { folders } = await listPart(folder, part);
    // One that holds something refuses.
    await inParallel(folders, (path) => rmdir(path).catch(() => undefined));
  }
}
