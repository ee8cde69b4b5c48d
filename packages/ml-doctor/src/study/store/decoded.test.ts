/** What a store does with decoded pictures that lie in it. */

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flip, plant, temporaryName } from '../../../test/store/crashes.ts';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { sha256 } from '../canonical-json.ts';
import { DECODED } from './decoded.ts';
import { openStore } from './folder-store.ts';
import { gcStore } from './gc.ts';
import { repairStore } from './repair.ts';
import { sizeOfStore } from './size.ts';
import { verifyStore } from './verify.ts';

const KEY = sha256('some pictures');
const OTHER = sha256('others');
const NOTHING = { files: 0, bytes: 0 };

/** The decoded pictures of two data sets of `length` bytes each. */
async function storeWithPictures(length = 120) {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const at = (name: string) => join(store.folder, DECODED, name);
  const bytes = new Uint8Array(length).fill(7);
  const note = {
    ...{ schema: 'ml-doctor/pictures@1', name: 'faces', shape: [3, 2, 2], count: length / 12 },
    ...{ leftOut: [], sha256: sha256(bytes) },
  };
  for (const key of [KEY, OTHER]) {
    plant(at(`${key}.bin`), bytes);
    plant(at(`${key}.json`), JSON.stringify(note));
  }
  return { store, at, noteLength: JSON.stringify(note).length };
}

test('they count, and what is no file of theirs does not', async () => {
  const { store, at, noteLength } = await storeWithPictures();
  writeFileSync(at('notes.txt'), 'of the user');
  plant(at(temporaryName('alive', 0)), 'half');
  const { decodedPictures, temporaries, total } = await sizeOfStore(store);
  expect(decodedPictures).toEqual({ files: 4, bytes: 2 * (120 + noteLength) });
  expect(temporaries).toEqual({ files: 1, bytes: 4 });
  expect(total).toEqual({ files: 5, bytes: 2 * (120 + noteLength) + 4 });
});

test('verify finds the damaged ones, and repair removes those and no others', async () => {
  const { store, at } = await storeWithPictures();
  const read: number[] = [];
  const onProgress = ({ bytes, totalBytes }: { bytes: number; totalBytes: number }) => {
    read.push(bytes);
    expect(bytes).toBeLessThanOrEqual(totalBytes);
  };
  expect(await verifyStore(store, { onProgress })).toMatchObject({ sound: true, damagedPictures: [] });
  expect(read.at(-1)).toBe(240);
  flip(at(`${KEY}.bin`), 50);
  const check = await verifyStore(store);
  expect(check).toMatchObject({
    sound: false,
    damagedPictures: [{ path: at(`${KEY}.bin`), why: 'does not match what was written' }],
  });
  expect((await repairStore(store, check)).pictures.files).toBe(2);
  expect(readdirSync(join(store.folder, DECODED)).sort()).toEqual([`${OTHER}.bin`, `${OTHER}.json`].sort());
  expect((await verifyStore(store)).sound).toBe(true);
});

test('verify names a note that is not whole, and bytes that are gone; bytes without a note are no damage', async () => {
  const { store, at } = await storeWithPictures();
  writeFileSync(at(`${KEY}.json`), '{');
  expect((await verifyStore(store)).damagedPictures).toEqual([
    { path: at(`${KEY}.json`), why: 'is not whole' },
  ]);
  const { store: second, at: there } = await storeWithPictures();
  rmSync(there(`${KEY}.bin`));
  rmSync(there(`${OTHER}.json`));
  expect((await verifyStore(second)).damagedPictures).toEqual([
    { path: there(`${KEY}.bin`), why: 'is missing' },
  ]);
});

test('gc leaves them, and takes what a killed process was writing', async () => {
  const { store, at } = await storeWithPictures();
  const half = at(temporaryName('dead', 0));
  plant(half, 'half');
  const { temporaries, blobs } = await gcStore(store);
  expect([temporaries, blobs]).toEqual([{ files: 1, bytes: 4 }, NOTHING]);
  expect(existsSync(half)).toBe(false);
  expect(readdirSync(join(store.folder, DECODED))).toHaveLength(4);
});

test('opening the store takes what a killed process was writing, too', async () => {
  const { store, at } = await storeWithPictures();
  const half = at(temporaryName('dead', 0));
  plant(half, 'half');
  await openStore(store.folder);
  expect(existsSync(half)).toBe(false);
});
