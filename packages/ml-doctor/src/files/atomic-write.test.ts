/** A file and its folder that go in the very moment in which the file gets its name. */

import { existsSync, rmSync } from 'node:fs';
import type * as promises from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { writeFileAtomically } from './atomic-write.ts';

let afterRename = (_path: string) => {};

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>();
  const rename = async (from: string, to: string) => {
    await real.rename(from, to);
    afterRename(to);
  };
  return { ...real, rename };
});

afterEach(() => {
  afterRename = () => {};
});

it('is no error: whoever took them was free to', async () => {
  const path = join(temporaryFolder(), 'shard', 'file');
  afterRename = (path) => rmSync(dirname(path), { recursive: true });
  await writeFileAtomically(path, 'x');
  expect(existsSync(dirname(path))).toBe(false);
  afterRename = () => {};
  await writeFileAtomically(path, 'x');
  expect(existsSync(path)).toBe(true);
});
