/** Random work, crashes, damage and tidying on a real store, held against a model that is a few maps. */

import { existsSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/study/canonical-json.ts';
import { type FolderStore, openStore } from '../../src/study/store/folder-store.ts';
import { gcStore } from '../../src/study/store/gc.ts';
import { repairStore } from '../../src/study/store/repair.ts';
import { sizeOfStore } from '../../src/study/store/size.ts';
import { verifyStore } from '../../src/study/store/verify.ts';
import { newRecord } from '../study/new-record.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { contentsOf, DAY_MS, flip, plant, temporaryName } from './crashes.ts';

const TASKS = 5;
/** Few enough that tasks share blobs, and that crashes leave what a later commit needs. */
const CONTENTS = ['', 'one', 'two', 'three'.repeat(100)].map((text) => new Uint8Array(Buffer.from(text)));

const task = fc.nat(TASKS - 1);
const content = fc.nat(CONTENTS.length - 1);
const kept = fc.uniqueArray(task);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('commit'), task, blobs: fc.uniqueArray(content) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash before the record'), content }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash while writing'),
      part: fc.constantFrom('tasks', 'blobs', 'scratch', ''),
      writer: fc.constantFrom('alive', 'dead', 'elsewhere'),
      old: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('checkpoint'), task, days: fc.constantFrom(0, 29, 31) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('damage a record'), task, at: fc.nat(2000), cut: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('damage a blob'),
      content,
      at: fc.nat(2000),
      how: fc.constantFrom('flip', 'cut', 'delete'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('gc'), keep: fc.option(kept), dryRun: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gc beside a run'), keep: fc.option(kept) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repair') }) },
);

interface Model {
  /** Per task: which contents its record refers to, and whether the record can be read. */
  readonly records: Map<number, { readonly blobs: readonly number[]; readonly readable: boolean }>;
  /** Per content: whether the blob is as it was written. */
  readonly blobs: Map<number, boolean>;
  /** Per task: age in days. */
  readonly checkpoints: Map<number, number>;
  /** Path from the store: whether its writer is gone. */
  readonly temporaries: Map<string, boolean>;
}

const name = (task: number) => `task ${task}`;
const keyOf = (task: number) => sha256(name(task));
const digestOf = (content: number) => sha256(CONTENTS[content]!);

test('gc, verify and repair do what the model says, and touch nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 20, maxLength: 30, size: 'max' }),
      async (operations) => {
        const store = await openStore(join(temporaryFolder(), 'store'));
        const model: Model = {
          records: new Map(),
          blobs: new Map(),
          checkpoints: new Map(),
          temporaries: new Map(),
        };
        writeFileSync(join(store.folder, 'notes.txt'), 'mine');
        plant(join(store.folder, 'tasks', 'ab', 'README'), 'mine too');
        for (const [step, each] of operations.entries()) {
          const before = contentsOf(store.folder);
          await apply(store, model, each as Operation, step);
          const after = contentsOf(store.folder);
          expect([...after.keys()].sort()).toEqual(filesOf(store, model));
          // Only a commit, a crash or damage changes bytes; tidying takes a file or leaves it as it is.
          if (['gc', 'gc beside a run', 'repair'].includes(each.do)) {
            for (const [path, bytes] of after) expect(bytes).toBe(before.get(path));
            await expectReadable(store, model);
          }
          await expectVerified(store, model);
        }
        expect((await sizeOfStore(store)).total.files).toBe(filesOf(store, model).length - 2);
      },
    ),
    { numRuns: 25 },
  );
});

type Operation =
  | { readonly do: 'commit'; readonly task: number; readonly blobs: readonly number[] }
  | { readonly do: 'crash before the record'; readonly content: number }
  | {
      readonly do: 'crash while writing';
      readonly part: string;
      readonly writer: 'alive' | 'dead' | 'elsewhere';
      readonly old: boolean;
    }
  | { readonly do: 'checkpoint'; readonly task: number; readonly days: number }
  | { readonly do: 'damage a record'; readonly task: number; readonly at: number; readonly cut: boolean }
  | {
      readonly do: 'damage a blob';
      readonly content: number;
      readonly at: number;
      readonly how: 'flip' | 'cut' | 'delete';
    }
  | { readonly do: 'gc'; readonly keep: readonly number[] | null; readonly dryRun: boolean }
  | { readonly do: 'gc beside a run'; readonly keep: readonly number[] | null }
  | { readonly do: 'repair' };

async function apply(store: FolderStore, model: Model, operation: Operation, step: number): Promise<void> {
  switch (operation.do) {
    case 'commit': {
      const { task, blobs } = operation;
      const named = blobs.map((content) => [`b${content}`, CONTENTS[content]!] as const);
      await store.commit({ ...newRecord(name(task)), result: step }, Object.fromEntries(named));
      model.records.set(task, { blobs, readable: true });
      for (const content of blobs) model.blobs.set(content, true);
      return;
    }
    case 'crash before the record': {
      const { content } = operation;
      plant(store.blobPath(digestOf(content)), CONTENTS[content]!);
      model.blobs.set(content, true);
      return;
    }
    case 'crash while writing': {
      const { part, writer, old } = operation;
      const path = join(part, part === '' ? '' : 'cd', temporaryName(writer, step));
      plant(join(store.folder, path), 'half');
      const time = new Date(Date.now() - (old ? 2 * DAY_MS : 0));
      utimesSync(join(store.folder, path), time, time);
      model.temporaries.set(path, old || writer === 'dead');
      return;
    }
    case 'checkpoint': {
      const { task, days } = operation;
      await store.checkpoint(keyOf(task)).save(new Uint8Array([step]));
      const time = new Date(Date.now() - days * DAY_MS);
      utimesSync(checkpointPath(store, task), time, time);
      model.checkpoints.set(task, days);
      return;
    }
    case 'damage a record': {
      const { task, at, cut } = operation;
      const record = model.records.get(task);
      if (record === undefined) return;
      const path = store.recordPath(keyOf(task));
      // Twice the same bit, and it would be sound again.
      if (record.readable) damage(path, cut ? 'cut' : 'flip', at);
      model.records.set(task, { ...record, readable: false });
      return;
    }
    case 'damage a blob': {
      const { content, at, how } = operation;
      const intact = model.blobs.get(content);
      const path = store.blobPath(digestOf(content));
      if (intact === undefined || (how !== 'delete' && CONTENTS[content]!.length === 0)) return;
      if (how === 'delete') {
        rmSync(path);
        model.blobs.delete(content);
      } else if (intact) {
        damage(path, how, at);
        model.blobs.set(content, false);
      }
      return;
    }
    case 'gc':
      return gc(store, model, operation.keep, operation.dryRun);
    case 'gc beside a run': {
      const session = await store.startSession();
      try {
        const keep = operation.keep === null ? {} : { keep: new Set(operation.keep.map(keyOf)) };
        const tidying = gcStore(store, keep);
        if (operation.keep !== null) await expect(tidying).rejects.toMatchObject({ code: 'MLD_STORE_BUSY' });
        else {
          const { users, temporaries, ...rest } = await tidying;
          expect(users).toMatchObject([{ purpose: 'run', pid: process.pid }]);
          expect(temporaries.files).toBe(dropAbandoned(model));
          expect(Object.values(rest).filter((part) => typeof part === 'object')).toEqual(
            Array(4).fill({ files: 0, bytes: 0 }),
          );
        }
      } finally {
        await session.close();
      }
      return;
    }
    case 'repair': {
      await repairStore(store, await verifyStore(store));
      for (const [content, intact] of model.blobs) if (!intact) model.blobs.delete(content);
      for (const [task, { blobs, readable }] of model.records)
        if (!readable || blobs.some((content) => !model.blobs.has(content))) model.records.delete(task);
      const { sound } = await verifyStore(store);
      expect(sound).toBe(true);
    }
  }
}

async function gc(
  store: FolderStore,
  model: Model,
  keep: readonly number[] | null,
  dryRun: boolean,
): Promise<void> {
  const before = contentsOf(store.folder);
  const options = keep === null ? {} : { keep: new Set(keep.map(keyOf)) };
  const result = await gcStore(store, { ...options, dryRun });
  if (dryRun) {
    expect(contentsOf(store.folder)).toEqual(before);
    const { dryRun: _, ...counts } = result;
    // The very same must come of it in earnest.
    const copy = { ...counts, dryRun: false };
    expect(await gcStore(store, options)).toEqual(copy);
  }
  const goes = (task: number) => keep !== null && !keep.includes(task);
  const gone = {
    temporaries: dropAbandoned(model),
    records: drop(model.records, (task, { readable }) => readable && goes(task)),
    damagedRecords: drop(model.records, (_, { readable }) => !readable),
    blobs: drop(
      model.blobs,
      (content) => ![...model.records.values()].some(({ blobs }) => blobs.includes(content)),
    ),
    checkpoints: drop(model.checkpoints, (task, days) => {
      const record = model.records.get(task);
      const isDone = record?.blobs.every((content) => model.blobs.has(content)) === true;
      return isDone || goes(task) || days > 30;
    }),
  };
  for (const [part, files] of Object.entries(gone))
    expect([part, result[part as keyof typeof gone].files]).toEqual([part, files]);
  const bytes = [...before.entries()]
    .filter(([path]) => !existsSync(join(store.folder, path)))
    .reduce((sum, [, text]) => sum + text.length, 0);
  const counted = Object.keys(gone).map((part) => result[part as keyof typeof gone].bytes);
  expect(counted.reduce((sum, each) => sum + each, 0)).toBe(bytes);
}

async function expectVerified(store: FolderStore, model: Model): Promise<void> {
  const check = await verifyStore(store);
  const readable = [...model.records].filter(([, record]) => record.readable);
  const usersOf = (content: number) =>
    readable.filter(([, { blobs }]) => blobs.includes(content)).map(([task]) => name(task));
  const referred = new Set(readable.flatMap(([, { blobs }]) => blobs));
  const wrong = CONTENTS.map((_, content) => content).filter((content) =>
    model.blobs.has(content) ? !model.blobs.get(content) : referred.has(content),
  );
  expect(check.damagedRecords.map(({ key }) => key)).toEqual(
    [...model.records]
      .filter(([, record]) => !record.readable)
      .map(([task]) => keyOf(task))
      .sort(),
  );
  expect(
    check.damagedBlobs.map(({ sha256, why, neededBy }) => [
      sha256,
      why,
      neededBy.map(({ label }) => label).sort(),
    ]),
  ).toEqual(
    wrong
      .map((content) => [
        digestOf(content),
        model.blobs.has(content) ? 'does not match its name' : 'is missing',
        usersOf(content).sort(),
      ])
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
  );
  const intact = [...model.blobs].filter(([, intact]) => intact).map(([content]) => content);
  expect(check).toMatchObject({
    sound: readable.length === model.records.size && wrong.length === 0,
    records: readable.length,
    blobs: { files: intact.length },
    unreferenced: { files: intact.filter((content) => !referred.has(content)).length },
    temporaries: { files: model.temporaries.size },
  });
}

/** Everything the model calls intact can be read, and is what was written. */
async function expectReadable(store: FolderStore, model: Model): Promise<void> {
  for (const [task, { blobs, readable }] of model.records) {
    if (!readable || !blobs.every((content) => model.blobs.get(content))) continue;
    const finished = await store.finished(keyOf(task));
    expect([...finished.blobNames].sort()).toEqual(blobs.map((content) => `b${content}`).sort());
    for (const content of blobs)
      expect(await finished.blob(`b${content}`)).toEqual(new Uint8Array(CONTENTS[content]!));
  }
}

function filesOf(store: FolderStore, { records, blobs, checkpoints, temporaries }: Model): string[] {
  const fromStore = (path: string) => path.slice(store.folder.length + 1);
  return [
    'notes.txt',
    join('tasks', 'ab', 'README'),
    ...[...records.keys()].map((task) => fromStore(store.recordPath(keyOf(task)))),
    ...[...blobs.keys()].map((content) => fromStore(store.blobPath(digestOf(content)))),
    ...[...checkpoints.keys()].map((task) => fromStore(checkpointPath(store, task))),
    ...temporaries.keys(),
  ].sort();
}

function checkpointPath(store: FolderStore, task: number): string {
  return join(store.folder, 'scratch', keyOf(task).slice(0, 2), `${keyOf(task)}.ckpt`);
}

function damage(path: string, how: 'flip' | 'cut', at: number): void {
  const { length } = readFileSync(path);
  if (how === 'cut') truncateSync(path, at % length);
  // Not the line end of a record: it is one bit from a letter, but never read as one.
  else flip(path, at % Math.max(1, length - 1));
}

const dropAbandoned = ({ temporaries }: Model) => drop(temporaries, (_, isAbandoned) => isAbandoned);

/** Removes what matches, and says how much that was. */
function drop<K, V>(map: Map<K, V>, matches: (key: K, value: V) => boolean): number {
  const found = [...map].filter(([key, value]) => matches(key, value));
  for (const [key] of found) map.delete(key);
  return found.length;
}
