/** Small files read the same whichever way is quicker, and reading many leaves room for signals. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { inParallel } from './in-parallel.ts';
import { SmallFiles } from './small-files.ts';

describe.each([
  ['quick', 0],
  ['slow', 1],
])('on a %s disk', (_, stepMs) => {
  test('text, lengths and errors are those of the system', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += stepMs;
      return now;
    });
    onTestFinished(() => clock.mockRestore());
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'grüße');
    const files = new SmallFiles();
    for (let round = 0; round < 5; round += 1) {
      expect(await files.text(path)).toBe('grüße');
      expect(await files.length(path)).toBe(7);
      expect(await files.length(join(folder, 'none'))).toBeUndefined();
      await expect(files.text(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(files.text(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    }
    // Each read looks at the clock twice when it is done here, and not at all in the background.
    expect(now > 0 && now < 24).toBe(stepMs === 1);
  });
});

test('a signal is heard while thousands are read', async () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, 'x');
  const files = new SmallFiles();
  let heard = 0;
  const timer = setInterval(() => {
    heard += 1;
  }, 1);
  await inParallel(Array(5000).fill(path), (each) => files.text(each));
  clearInterval(timer);
  expect(heard).toBeGreaterThan(1);
});

describe('many at once', () => {
  test('are all done, never more than allowed', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel(
      Array.from({ length: 50 }, (_, index) => index),
      async (index) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        done.push(index);
      },
      7,
    );
    expect(most).toBe(7);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test('stop after the first error, which comes when none is running any more', async () => {
    let running = 0;
    let begun = 0;
    const work = inParallel(
      Array(100).keys(),
      async (index) => {
        begun += 1;
        running += 1;
        await new Promise((resolve) => setTimeout(resolve, index === 3 ? 1 : 20));
        running -= 1;
        if (index === 3) throw new Error('third');
      },
      8,
    );
    await expect(work).rejects.toThrow('third');
    expect([running, begun]).toEqual([0, 8]);
  });
});
