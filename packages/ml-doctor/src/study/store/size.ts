/** What a store holds, and how much room it takes. */

import { decodedFiles } from './decoded.ts';
import type { FolderStore } from './folder-store.ts';
import { inspectAll } from './inspect.ts';
import { digestsOf } from './survey.ts';
import { add, lengthsOf, NOTHING, type Tally, tallyOf } from './tally.ts';
import { listPart, placeOf, temporariesIn } from './walk.ts';

export interface KindSize {
  readonly kind: string;
  readonly tasks: number;
  /** Of records and blobs. A blob that several tasks refer to counts for the one that was finished first. */
  readonly bytes: number;
}

export interface StoreSize {
  /** Largest first. */
  readonly kinds: readonly KindSize[];
  readonly damagedRecords: Tally;
  /** Blobs that no readable record refers to. */
  readonly unreferenced: Tally;
  readonly checkpoints: Tally;
  /** Pictures of data sets, kept for the next run. */
  readonly decodedPictures: Tally;
  readonly temporaries: Tally;
  /** Everything above. The system may use more, as it hands out room in blocks of some KiB. */
  readonly total: Tally;
}

interface Stored {
  readonly key: string;
  readonly kind: string;
  readonly finishedAt: string;
  /** Digests. */
  readonly blobs: readonly string[];
}

/** Throws `MLD_STORE_CORRUPT` when a folder cannot be read, and the signal's reason. */
export async function sizeOfStore(store: FolderStore, signal?: AbortSignal): Promise<StoreSize> {
  const tasks: Stored[] = [];
  const damaged: string[] = [];
  await inspectAll(
    store,
    (key, { record }) => {
      if (record === undefined) damaged.push(store.recordPath(key));
      else tasks.push({ key, kind: record.kind, finishedAt: record.finishedAt, blobs: digestsOf(record) });
    },
    signal,
  );
  const { ids: digests } = await listPart(store.folder, 'blobs');
  const blobLengths = await lengthsOf(digests.map((digest) => store.blobPath(digest)));
  const unclaimed = new Map(digests.map((digest, index) => [digest, blobLengths[index] ?? 0]));

  tasks.sort((a, b) => order(a.finishedAt, b.finishedAt) || order(a.key, b.key));
  const recordLengths = await lengthsOf(tasks.map(({ key }) => store.recordPath(key)));
  const kinds = new Map<string, KindSize>();
  for (const [index, { kind, blobs }] of tasks.entries()) {
    const claimed = [...new Set(blobs)].map((digest) => {
      const length = unclaimed.get(digest) ?? 0;
      unclaimed.delete(digest);
      return length;
    });
    const bytes = sum([recordLengths[index] ?? 0, ...claimed]);
    const before = kinds.get(kind) ?? { kind, tasks: 0, bytes: 0 };
    kinds.set(kind, { kind, tasks: before.tasks + 1, bytes: before.bytes + bytes });
  }
  const results = {
    files: digests.length - unclaimed.size + tasks.length,
    bytes: sum([...kinds.values()].map(({ bytes }) => bytes)),
  };
  const scratch = await listPart(store.folder, 'scratch');
  const others = {
    unreferenced: [...unclaimed.values()].reduce(add, NOTHING),
    damagedRecords: await tallyOf(damaged),
    checkpoints: await tallyOf(scratch.ids.map((key) => placeOf.scratch(store.folder, key))),
    decodedPictures: await tallyOf(await decodedFiles(store.folder)),
    temporaries: await tallyOf(await temporariesIn(store.folder)),
  };
  const all = [results, ...Object.values(others)];
  return {
    kinds: [...kinds.values()].sort((a, b) => b.bytes - a.bytes || order(a.kind, b.kind)),
    ...others,
    total: { files: sum(all.map(({ files }) => files)), bytes: sum(all.map(({ bytes }) => bytes)) },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
