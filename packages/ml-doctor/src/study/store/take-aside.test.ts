/** A file taken aside is nowhere to be found, and comes back as it was, or not at all. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { removeIf, takeAside } from './take-aside.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'file');
  writeFileSync(path, 'old');
});

test('it comes back', async () => {
  const taken = await takeAside(path);
  expect(existsSync(path)).toBe(false);
  expect(taken?.length).toBe(3);
  expect(readFileSync(taken!.path, 'utf8')).toBe('old');
  await taken!.restore();
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('it does not replace what was written meanwhile', async () => {
  const taken = await takeAside(path);
  writeFileSync(path, 'new');
  await taken!.restore();
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('it goes, and so does nothing else', async () => {
  const taken = await takeAside(path);
  writeFileSync(path, 'new');
  await taken!.remove();
  expect(readdirSync(folder)).toEqual(['file']);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('what is not there is not taken, and what somebody else swept away needs neither', async () => {
  expect(await takeAside(join(folder, 'none'))).toBeUndefined();
  for (const end of ['restore', 'remove'] as const) {
    writeFileSync(path, 'old');
    const taken = await takeAside(path);
    rmSync(taken!.path);
    await taken![end]();
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a folder in its place comes back, and is told', async () => {
  const place = join(folder, 'place');
  mkdirSync(place);
  await (await takeAside(place))!.restore();
  await expect(removeIf(place, async () => true)).rejects.toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
  expect(readdirSync(folder).sort()).toEqual(['file', 'place']);
});

test('removing asks first, and an error is an answer too', async () => {
  expect(await removeIf(path, async () => false)).toBeUndefined();
  await expect(
    removeIf(path, async (aside) => {
      expect([existsSync(path), existsSync(aside)]).toEqual([false, true]);
      throw new Error('unknown');
    }),
  ).rejects.toThrow('unknown');
  expect(readdirSync(folder)).toEqual(['file']);
  expect(await removeIf(path, async () => true)).toBe(3);
  expect(readdirSync(folder)).toEqual([]);
});
