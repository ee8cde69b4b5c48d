/** A disk that is full or read-only, a real one: what is told, and that nothing is lost or half there. */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newRecord } from '../../../test/study/new-record.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { sha256 } from '../canonical-json.ts';
import { FolderStore, openStore } from './folder-store.ts';
import { gcStore } from './gc.ts';
import { openExistingStore, openStoreReadOnly } from './open-existing.ts';
import { sizeOfStore } from './size.ts';
import { verifyStore } from './verify.ts';

const PAGE = 4096;
const NEEDS_MOUNT = 'needs a user who may mount a small disk';

/** A small file system of its own, gone when the test ends; undefined where this user may not mount one. */
function smallDisk(options: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
  return folder;
}

/** Pages free on a disk. */
const spaceOf = (disk: string) => (statfsSync(disk).bavail * statfsSync(disk).bsize) / PAGE;
/** Files that can still be made on a disk. */
const namesOf = (disk: string) => statfsSync(disk).ffree;

const isLoose = (path: string) => path.includes('.tmp-');
const filesOf = ({ folder }: FolderStore) => readdirSync(folder, { recursive: true, encoding: 'utf8' });

describe('a full disk', () => {
  test('refuses a result, and keeps all before it', async ({ skip }) => {
    const disk = smallDisk('size=2m');
    if (disk === undefined) return skip(NEEDS_MOUNT);
    const store = await openStore(join(disk, 'store'));
    const committed: Uint8Array[] = [];
    const commit = (index: number, bytes: Uint8Array) => store.commit(newRecord(`task ${index}`), { bytes });
    let refusal: unknown;
    while (refusal === undefined) {
      const bytes = new Uint8Array(randomBytes(300_000));
      refusal = await commit(committed.length, bytes).then(
        () => undefined,
        (error) => error,
      );
      if (refusal === undefined) committed.push(bytes);
    }
    expect(refusal).toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
      message: expect.stringMatching(/^cannot write to .+: the disk is full$/),
      hint: expect.stringContaining('Free some space'),
    });
    expect(committed.length).toBeGreaterThan(3);
    expect(filesOf(store).filter(isLoose)).toEqual([]);
    expect(await verifyStore(store)).toMatchObject({ sound: true, records: committed.length });
    for (const [index, bytes] of committed.entries()) {
      const finished = await store.finished(sha256(`task ${index}`));
      expect(sha256(await finished.blob('bytes'))).toBe(sha256(bytes));
    }

    // A checkpoint that finds no room is none; the task goes on.
    const checkpoint = store.checkpoint(sha256('running'));
    await checkpoint.save(new Uint8Array(randomBytes(300_000)));
    expect(await checkpoint.load()).toBeUndefined();
    expect(filesOf(store).filter(isLoose)).toEqual([]);

    await gcStore(store, { keep: new Set([sha256('task 0')]) });
    await commit(1, committed[1]!);
    expect(await verifyStore(store)).toMatchObject({ sound: true, records: 2 });
  });

  test.for([
    [
      'space',
      (disk: string, free: number) =>
        writeFileSync(join(disk, 'filling', '0'), new Uint8Array((spaceOf(disk) - free) * PAGE)),
    ],
    [
      'names',
      (disk: string, free: number) => {
        for (let left = namesOf(disk); left > free; left -= 1)
          writeFileSync(join(disk, 'filling', String(left)), '');
      },
    ],
  ] as const)('that runs out of %s anywhere has a task wholly or not at all', async ([, fill], { skip }) => {
    const disk = smallDisk('size=1m,nr_inodes=100');
    if (disk === undefined) return skip(NEEDS_MOUNT);
    let refusals = 0;
    for (let free = 0; ; free += 1) {
      const store = await openStore(join(disk, 'store'));
      mkdirSync(join(disk, 'filling'));
      fill(disk, free);
      const blobs = { a: new Uint8Array(PAGE).fill(1), b: new Uint8Array(2 * PAGE).fill(2) };
      const commit = () => store.commit(newRecord('a'), blobs);
      const done = await commit().then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
          return false;
        },
      );
      const check = await verifyStore(store);
      expect(check).toMatchObject({ sound: true, records: done ? 1 : 0, temporaries: { files: 0 } });
      // Where there is no room even to announce it, deleting must still be possible.
      if (!done) expect((await gcStore(store)).blobs).toEqual(check.unreferenced);
      rmSync(join(disk, 'filling'), { recursive: true });
      if (done) break;
      refusals += 1;
      // With what was in the way gone, the same commit goes through.
      await commit();
      expect(await verifyStore(store)).toMatchObject({ sound: true, records: 1, blobs: { files: 2 } });
      rmSync(store.folder, { recursive: true });
    }
    expect(refusals).toBeGreaterThan(3);
  });
});

describe('a read-only disk', () => {
  test('serves all who only read, and refuses all others', async ({ skip }) => {
    const disk = smallDisk('size=1m');
    if (disk === undefined) return skip(NEEDS_MOUNT);
    const { folder } = await openStore(join(disk, 'store'));
    const { key } = await new FolderStore(folder).commit(newRecord('a'), { bytes: new Uint8Array(10) });
    execFileSync('mount', ['-o', 'remount,ro', disk]);

    for (const store of [await openStoreReadOnly(folder), await openExistingStore(folder)]) {
      expect(await store.keys()).toEqual(new Set([key]));
      expect(await (await store.finished(key)).blob('bytes')).toHaveLength(10);
      expect((await verifyStore(store)).sound).toBe(true);
      expect((await sizeOfStore(store)).kinds).toMatchObject([{ kind: 'train', tasks: 1 }]);
      expect(await gcStore(store, { dryRun: true, keep: new Set() })).toMatchObject({
        records: { files: 1 },
      });
      const refusal = {
        code: 'MLD_OUTPUT_UNWRITABLE',
        message: expect.stringMatching(/the file system is read-only$/),
      };
      await expect(openStore(folder)).rejects.toMatchObject(refusal);
      await expect(store.startSession()).rejects.toMatchObject(refusal);
      await expect(gcStore(store)).rejects.toMatchObject(refusal);
      await expect(store.commit(newRecord('b'), {})).rejects.toMatchObject(refusal);
      await store.checkpoint(key).save(new Uint8Array(1));
      await store.checkpoint(key).drop();
    }
    const none = await openStoreReadOnly(join(disk, 'none'));
    expect(await none.keys()).toEqual(new Set());
  });
});
