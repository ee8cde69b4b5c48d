/** Reads everything in a store, and says what is not as it was written. Changes nothing. */

import { blobFault, MISSING } from './blob-fault.ts';
import { type DamagedPictures, damagedPictures, decodedFiles } from './decoded.ts';
import type { FolderStore } from './folder-store.ts';
import { inParallel } from './in-parallel.ts';
import { inspect, inspectAll } from './inspect.ts';
import { digestsOf } from './survey.ts';
import { add, lengthsOf, NOTHING, type Tally, tallyOf } from './tally.ts';
import { listPart, temporariesIn } from './walk.ts';

/** Hashing keeps one core busy; the others fill the waits for the disk. */
const BLOBS_AT_ONCE = 8;

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** How much of the blobs and of decoded pictures has been read. */
export interface VerifyProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface DamagedRecord {
  readonly key: string;
  readonly path: string;
  /** What is wrong, to read on after the path: `is not whole`. */
  readonly why: string;
}

export interface DamagedBlob {
  readonly sha256: string;
  readonly path: string;
  /** What is wrong, to read on after the path: `is missing`. */
  readonly why: string;
  /** Tasks whose record refers to it; none for a blob that no record refers to. */
  readonly neededBy: readonly { readonly key: string; readonly label: string }[];
}

export interface StoreCheck {
  /** No damage of any kind was found. */
  readonly sound: boolean;
  /** Records that could be read. */
  readonly records: number;
  /** Blobs whose bytes match their name. */
  readonly blobs: Tally;
  readonly damagedRecords: readonly DamagedRecord[];
  readonly damagedBlobs: readonly DamagedBlob[];
  /** Decoded pictures; the next run that needs them decodes them anew by itself. */
  readonly damagedPictures: readonly DamagedPictures[];
  /** Those of the blobs that no readable record refers to: of killed runs, or of damaged records. No damage. */
  readonly unreferenced: Tally;
  /** Files that somebody is writing, or was writing when killed. No damage. */
  readonly temporaries: Tally;
}

/**
 * Others may work on the store meanwhile: what they add or delete is no damage. Throws `MLD_STORE_CORRUPT` when a folder
 * cannot be read, and the signal's reason.
 */
export async function verifyStore(
  store: FolderStore,
  { signal, onProgress = () => {} }: VerifyOptions = {},
): Promise<StoreCheck> {
  const { records, damagedRecords, neededBy } = await readRecords(store, signal);
  const { ids } = await listPart(store.folder, 'blobs');
  const lengths = await blobLengths(store, ids);

  const damagedBlobs: DamagedBlob[] = [];
  let blobs = NOTHING;
  let unreferenced = NOTHING;
  let bytes = 0;
  const decoded = await tallyOf(await decodedFiles(store.folder));
  const totalBytes = [...lengths.values()].reduce((sum, length) => sum + length, decoded.bytes);
  const onBytes = (count: number) => {
    bytes += count;
    onProgress({ bytes, totalBytes });
  };
  const check = async (sha256: string) => {
    const path = store.blobPath(sha256);
    const tasks = neededBy.get(sha256) ?? [];
    const length = lengths.get(sha256) ?? 0;
    if ((await blobFault(path, sha256, { signal, onBytes })) !== undefined) {
      // It may have been written anew, or deleted together with its records, since it was listed.
      const why = await blobFault(path, sha256, { signal });
      const still = await stillNeeding(store, sha256, tasks);
      if (why === MISSING && still.length === 0) return;
      if (why !== undefined) {
        damagedBlobs.push({ sha256, path, why, neededBy: still });
        return;
      }
    }
    blobs = add(blobs, length);
    if (tasks.length === 0) unreferenced = add(unreferenced, length);
  };
  await inParallel(new Set([...ids, ...neededBy.keys()]), check, BLOBS_AT_ONCE);
  const pictures = await damagedPictures(store.folder, { signal, onBytes });
  return {
    sound: [damagedRecords, damagedBlobs, pictures].every(({ length }) => length === 0),
    records,
    blobs,
    damagedRecords: sorted(damagedRecords),
    damagedBlobs: sorted(damagedBlobs),
    damagedPictures: pictures,
    unreferenced,
    temporaries: await tallyOf(await temporariesIn(store.folder)),
  };
}

interface Needing {
  readonly key: string;
  readonly label: string;
}

async function readRecords(store: FolderStore, signal: AbortSignal | undefined) {
  const neededBy = new Map<string, Needing[]>();
  const damagedRecords: DamagedRecord[] = [];
  let records = 0;
  await inspectAll(
    store,
    (key, { record, fault }) => {
      if (record === undefined) {
        damagedRecords.push({ key, path: store.recordPath(key), why: fault });
        return;
      }
      records += 1;
      for (const digest of new Set(digestsOf(record))) {
        const tasks = neededBy.get(digest) ?? [];
        tasks.push({ key, label: record.label });
        neededBy.set(digest, tasks);
      }
    },
    signal,
  );
  return { records, damagedRecords, neededBy };
}

async function stillNeeding(
  store: FolderStore,
  digest: string,
  tasks: readonly Needing[],
): Promise<Needing[]> {
  const still: Needing[] = [];
  for (const task of tasks) {
    const record = (await inspect(store, task.key))?.record;
    if (record !== undefined && digestsOf(record).includes(digest)) still.push(task);
  }
  return still.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function blobLengths(
  store: FolderStore,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const lengths = await lengthsOf(digests.map((digest) => store.blobPath(digest)));
  return new Map(digests.map((digest, index) => [digest, lengths[index] ?? 0]));
}

const sorted = <T extends { readonly path: string }>(damaged: readonly T[]): T[] =>
  [...damaged].sort((a, b) => (a.path < b.path ? -1 : 1));
