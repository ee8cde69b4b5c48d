/** What gc, verify, repair and size do with stores that are not as they should be. */

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentsOf, flip, plant, temporaryName } from '../../../test/store/crashes.ts';
import { newRecord } from '../../../test/study/new-record.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { sha256 } from '../canonical-json.ts';
import { FolderStore, openStore } from './folder-store.ts';
import { gcStore } from './gc.ts';
import { openExistingStore, openStoreReadOnly } from './open-existing.ts';
import { repairStore } from './repair.ts';
import { startTidying } from './sessions.ts';
import { sizeOfStore } from './size.ts';
import { verifyStore } from './verify.ts';

const newStore = () => openStore(join(temporaryFolder(), 'store'));
const bytes = (length: number, fill = 1) => new Uint8Array(length).fill(fill);

/** Two tasks that share a blob, and a blob of nobody. */
async function filledStore() {
  const store = await newStore();
  const shared = bytes(1000);
  const a = await store.commit(newRecord('a'), { shared, own: bytes(10, 2) });
  const b = await store.commit(newRecord('b'), { shared });
  const orphan = bytes(70, 3);
  plant(store.blobPath(sha256(orphan)), orphan);
  return { store, a, b, shared: sha256(shared), orphan: sha256(orphan) };
}

/** A signal that is aborted when it has been asked `times` times. */
function abortedAfter(times: number): AbortSignal {
  const abort = new AbortController();
  let left = times;
  return Object.assign(abort.signal, {
    throwIfAborted() {
      if (left === 0) throw new Error('stopped');
      left -= 1;
    },
  });
}

describe('gc', () => {
  test('leaves no folder behind that is empty, and every other', async () => {
    const { store, a } = await filledStore();
    await gcStore(store, { keep: new Set([a.key]) });
    const shards = ['tasks', 'blobs'].flatMap((part) =>
      readdirSync(join(store.folder, part)).map((shard) => readdirSync(join(store.folder, part, shard))),
    );
    expect(shards.flat()).toHaveLength(3);
    expect(shards).not.toContainEqual([]);
    expect((await verifyStore(store)).sound).toBe(true);
  });

  test('deletes nothing when a record cannot be read, as its blobs are unknown', async () => {
    const { store, b } = await filledStore();
    await store.checkpoint(b.key).save(bytes(3));
    plant(join(store.folder, 'blobs', 'ab', temporaryName('dead', 0)), 'half');
    rmSync(store.recordPath(b.key));
    mkdirSync(store.recordPath(b.key));
    const before = contentsOf(store.folder);
    await expect(gcStore(store)).rejects.toMatchObject({
      code: 'MLD_STORE_CORRUPT',
      message: `the task record ${store.recordPath(b.key)} cannot be read: a folder stands where a file should be`,
    });
    expect(contentsOf(store.folder)).toEqual(before);
  });

  test('can be stopped anywhere, and has then deleted only what it would have deleted anyway', async () => {
    let stops = 0;
    for (let times = 0; ; times += 1) {
      const { store, a, orphan } = await filledStore();
      const damaged = await store.commit(newRecord('c'), {});
      flip(store.recordPath(damaged.key), 30);
      const before = contentsOf(store.folder);
      const fromStore = (path: string) => path.slice(store.folder.length + 1);
      const outcome = await gcStore(store, { signal: abortedAfter(times) }).catch((error: Error) => error);
      const after = contentsOf(store.folder);
      const mayGo = [store.blobPath(orphan), store.recordPath(damaged.key)].map(fromStore);
      for (const path of after.keys()) expect(before.has(path)).toBe(true);
      for (const path of before.keys()) if (!after.has(path)) expect(mayGo).toContain(path);
      expect(await store.record(a.key)).toEqual(a);
      if (!(outcome instanceof Error)) {
        expect(before.size - after.size).toBe(2);
        break;
      }
      expect(outcome.message).toBe('stopped');
      stops += 1;
    }
    expect(stops).toBeGreaterThan(5);
  });

  test('does not delete what a record refers to by the time it would', async () => {
    const { store, orphan } = await filledStore();
    // The record comes after gc has read all records, and its writer trusts the blob it finds.
    const late = new FolderStore(store.folder);
    const seen = new Set<string>();
    const recordText = store.recordText.bind(store);
    let reads = 0;
    Object.assign(store, {
      async recordText(key: string) {
        reads += 1;
        if (reads === 2) await late.commit(newRecord('late'), { orphan: bytes(70, 3) });
        seen.add(key);
        return recordText(key);
      },
    });
    expect((await gcStore(store)).blobs.files).toBe(0);
    expect(seen).toContain(sha256('late'));
    const finished = await late.finished(sha256('late'));
    expect(sha256(await finished.blob('orphan'))).toBe(orphan);
    expect([...contentsOf(store.folder).keys()].filter((path) => path.includes('.tmp-'))).toEqual([]);
  });
});

describe('commit', () => {
  test('writes a blob again that goes while the record is written', async () => {
    const { store, orphan } = await filledStore();
    const path = store.blobPath(orphan);
    // By the time the record is to be written the blob has been found, and is trusted.
    let asked = 0;
    Object.assign(store, {
      recordPath(key: string) {
        asked += 1;
        rmSync(path);
        return FolderStore.prototype.recordPath.call(store, key);
      },
    });
    const { key } = await store.commit(newRecord('late'), { orphan: bytes(70, 3) });
    expect(asked).toBe(1);
    const finished = await new FolderStore(store.folder).finished(key);
    expect(await finished.blob('orphan')).toEqual(bytes(70, 3));
  });
});

describe('verify', () => {
  test('tells how far it is', async () => {
    const { store } = await filledStore();
    const seen: [number, number][] = [];
    await verifyStore(store, {
      onProgress: ({ bytes, totalBytes }) => seen.push([bytes, totalBytes]),
    });
    expect(new Set(seen.map(([, total]) => total))).toEqual(new Set([1080]));
    expect(seen.at(-1)?.[0]).toBe(1080);
  });

  test('can be stopped', async () => {
    const { store } = await filledStore();
    for (const times of [0, 1, 3])
      await expect(verifyStore(store, { signal: abortedAfter(times) })).rejects.toThrow('stopped');
  });

  test('takes for damage neither what others delete meanwhile nor what they write anew', async () => {
    const { store } = await filledStore();
    const gone = Array.from({ length: 6 }, (_, index) => bytes(50, 20 + index));
    const healed = Array.from({ length: 6 }, (_, index) => bytes(60, 40 + index));
    const { key } = await store.commit(
      newRecord('gone'),
      Object.fromEntries(gone.map((b, i) => [`b${i}`, b])),
    );
    const blobs = Object.fromEntries(healed.map((blob, index) => [`b${index}`, blob]));
    await store.commit(newRecord('healed'), blobs);
    let begun = false;
    const check = await verifyStore(store, {
      onProgress() {
        if (begun) return;
        begun = true;
        rmSync(store.recordPath(key));
        for (const blob of gone) rmSync(store.blobPath(sha256(blob)));
        rmSync(store.blobPath(sha256(healed[0]!)));
        plant(store.blobPath(sha256(healed[0]!)), healed[0]!);
      },
    });
    expect(begun).toBe(true);
    expect(check).toMatchObject({ sound: true, damagedBlobs: [] });
  });

  test('looks twice at a blob that is written anew while it is read', async () => {
    const store = await newStore();
    await store.commit(newRecord('a'), { blob: bytes(10) });
    const path = store.blobPath(sha256(bytes(10)));
    flip(path, 5);
    expect((await verifyStore(store)).sound).toBe(false);
    const check = await verifyStore(store, {
      onProgress() {
        rmSync(path);
        plant(path, bytes(10));
      },
    });
    expect(check).toMatchObject({ sound: true, blobs: { files: 1 } });
  });

  test('lists what cannot be read beside what is wrong, and repair takes out what it can', async () => {
    const { store, a, b, shared } = await filledStore();
    writeFileSync(store.recordPath(b.key), '');
    flip(store.blobPath(shared), 0);
    const check = await verifyStore(store);
    expect(check).toMatchObject({
      sound: false,
      records: 1,
      damagedRecords: [{ key: b.key, path: store.recordPath(b.key), why: 'is not whole' }],
      damagedBlobs: [
        {
          sha256: shared,
          path: store.blobPath(shared),
          why: 'does not match its name',
          neededBy: [{ key: a.key, label: 'a' }],
        },
      ],
    });
    expect(await repairStore(store, check)).toMatchObject({ records: { files: 2 }, blobs: { files: 1 } });
    expect([await store.record(a.key), await store.record(b.key)]).toEqual([undefined, undefined]);
    expect((await verifyStore(store)).sound).toBe(true);
  });

  test('what has been written anew since the check is not repaired', async () => {
    const { store, a, b, shared } = await filledStore();
    flip(store.recordPath(a.key), 20);
    flip(store.blobPath(shared), 0);
    const check = await verifyStore(store);
    await store.commit(newRecord('a'), { shared: bytes(1000), own: bytes(10, 2) });
    const before = contentsOf(store.folder);
    expect(await repairStore(store, check)).toEqual({
      records: { files: 0, bytes: 0 },
      blobs: { files: 0, bytes: 0 },
      pictures: { files: 0, bytes: 0 },
    });
    expect(contentsOf(store.folder)).toEqual(before);
    expect(await store.record(b.key)).toEqual(b);
  });

  test('nothing is repaired while others are at work', async () => {
    const { store, a } = await filledStore();
    flip(store.recordPath(a.key), 20);
    const check = await verifyStore(store);
    const session = await store.startSession();
    await expect(repairStore(store, check)).rejects.toMatchObject({ code: 'MLD_STORE_BUSY' });
    await session.close();
    const tidying = await startTidying(store.folder);
    await expect(repairStore(store, check, { patienceMs: 0 })).rejects.toMatchObject({
      code: 'MLD_STORE_BUSY',
    });
    await tidying.close();
    expect(existsSync(store.recordPath(a.key))).toBe(true);
  });
});

describe('size', () => {
  test('counts every byte once, a shared blob for the task that was finished first', async () => {
    const store = await newStore();
    const shared = bytes(1000);
    const at = (finishedAt: string, kind: string, name: string) => ({ ...newRecord(name), kind, finishedAt });
    const late = await store.commit(at('2024-02-01T00:00:00.000Z', 'attack', 'a'), { shared });
    const early = await store.commit(at('2024-01-01T00:00:00.000Z', 'train', 'z'), { shared, copy: shared });
    const other = await store.commit(at('2024-03-01T00:00:00.000Z', 'train', 'y'), { own: bytes(10) });
    const damaged = await store.commit(newRecord('d'), {});
    flip(store.recordPath(damaged.key), 20);
    plant(store.blobPath(sha256('orphan')), 'orphan');
    await store.checkpoint(sha256('c')).save(bytes(8));
    plant(join(store.folder, 'tasks', temporaryName('alive', 0)), 'half');
    const files = contentsOf(store.folder);
    const length = (key: string) => files.get(store.recordPath(key).slice(store.folder.length + 1))!.length;
    expect(await sizeOfStore(store)).toEqual({
      kinds: [
        { kind: 'train', tasks: 2, bytes: length(early.key) + length(other.key) + 1010 },
        { kind: 'attack', tasks: 1, bytes: length(late.key) },
      ],
      unreferenced: { files: 1, bytes: 6 },
      damagedRecords: { files: 1, bytes: length(damaged.key) },
      checkpoints: { files: 1, bytes: 40 },
      decodedPictures: { files: 0, bytes: 0 },
      temporaries: { files: 1, bytes: 4 },
      total: { files: files.size, bytes: [...files.values()].join('').length },
    });
  });
});

describe('a folder', () => {
  test('that is not a store is not looked after', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'tasks'));
    const refused = async (path: string, message: string) =>
      expect(openExistingStore(path)).rejects.toMatchObject({ code: 'MLD_USAGE', message });
    await refused(join(folder, 'none'), `there is no store at ${join(folder, 'none')}`);
    await refused(folder, `${folder} is not a store: it has no folder "blobs"`);
    await refused(join(folder, 'file'), `${join(folder, 'file')} is not a store: it is a file`);
    await refused(
      join(folder, 'file', 'x'),
      `${join(folder, 'file', 'x')} cannot be read: part of the path is a file`,
    );
    mkdirSync(join(folder, 'blobs'));
    expect((await openExistingStore(folder)).folder).toBe(folder);
  });

  test('that does not exist is an empty store for those who only read, and is not made', async () => {
    const folder = join(temporaryFolder(), 'none');
    const store = await openStoreReadOnly(folder);
    expect(await store.keys()).toEqual(new Set());
    expect(await store.record(sha256('a'))).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
    writeFileSync(folder, '');
    await expect(openStoreReadOnly(folder)).rejects.toMatchObject({ code: 'MLD_USAGE' });
    await expect(openStoreReadOnly(join(folder, 'x'))).rejects.toMatchObject({ code: 'MLD_USAGE' });
  });

  test('tells the keys of its records, and of nothing else', async () => {
    const { store, a, b } = await filledStore();
    writeFileSync(join(dirname(store.recordPath(a.key)), 'README.json'), '');
    writeFileSync(join(dirname(store.recordPath(a.key)), `${sha256('elsewhere')}.json`), '');
    writeFileSync(join(store.folder, 'tasks', '00'), 'a file');
    expect(await store.keys()).toEqual(new Set([a.key, b.key]));
  });
});
