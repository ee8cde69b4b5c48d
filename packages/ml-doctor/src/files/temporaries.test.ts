/** Whose temporary files may go, and that writing leaves none behind, whatever happens to the folder meanwhile. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS, deadPid, temporaryName } from '../../test/store/crashes.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { stageFile, writeFileAtomically } from './atomic-write.ts';
import { isRunning, machineId } from './machine.ts';
import { isAbandoned, isTemporary, sweepTemporaries, temporaryPath } from './temporaries.ts';

describe('a process', () => {
  it('runs, or does not', () => {
    expect(isRunning(process.pid)).toBe(true);
    expect(isRunning(process.ppid)).toBe(true);
    expect(isRunning(deadPid)).toBe(false);
    expect(machineId()).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('a temporary file', () => {
  it.each([
    ['alive', 0, false],
    ['alive', 0.9, false],
    ['alive', 1.1, true],
    ['dead', 0, true],
    ['elsewhere', 0, false],
    ['elsewhere', 0.9, false],
    ['elsewhere', 1.1, true],
  ] as const)('whose writer is %s, after %d days: goes is %s', async (writer, days, expected) => {
    const folder = temporaryFolder();
    const path = join(folder, temporaryName(writer, 1));
    writeFileSync(path, '');
    const time = new Date(Date.now() - days * DAY_MS);
    utimesSync(path, time, time);
    expect(await isAbandoned(path)).toBe(expected);
    await sweepTemporaries(folder);
    expect(existsSync(path)).toBe(!expected);
  });

  it('that has no writer in its name goes by its age, and other files never go', async () => {
    const folder = temporaryFolder();
    const names = ['.tmp-17-old', '.tmp-17-new', 'tmp-17', '.hidden'];
    for (const name of names) writeFileSync(join(folder, name), '');
    const time = new Date(Date.now() - 2 * DAY_MS);
    for (const name of ['.tmp-17-old', 'tmp-17', '.hidden']) utimesSync(join(folder, name), time, time);
    await sweepTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual(['.hidden', '.tmp-17-new', 'tmp-17']);
  });

  it('has a name of its own that tells its writer', () => {
    const [a, b] = [temporaryPath('x'), temporaryPath('x')];
    expect(a).not.toBe(b);
    expect(a).toContain(`.${process.pid}-`);
    expect(isTemporary('.tmp-x')).toBe(true);
    expect(isTemporary('x.tmp-')).toBe(false);
  });
});

describe('writing', () => {
  it('makes folders, replaces what was there, and leaves nothing else', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a', 'b', 'file');
    await writeFileAtomically(path, 'one');
    await writeFileAtomically(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  });

  it('staged gives no name until it is published, and none when discarded', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    const staged = await stageFile(path, 'one');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(1);
    await staged.discard();
    expect(readdirSync(folder)).toEqual([]);
    await (await stageFile(path, 'two')).publish();
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that cannot take its name is told, and leaves nothing', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken', 'x'), { recursive: true });
    await expect(writeFileAtomically(join(folder, 'taken'), 'one')).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
    expect(readdirSync(folder)).toEqual(['taken']);
    writeFileSync(join(folder, 'file'), '');
    await expect(writeFileAtomically(join(folder, 'file', 'x'), 'one')).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
  });

  it('gets through while its folder is removed, as long as it is empty, a few times', async () => {
    const folder = temporaryFolder();
    const removals = new Map<string, number>();
    let writing = true;
    const remove = async () => {
      while (writing) {
        for (const name of readdirSync(folder)) {
          const before = removals.get(name) ?? 0;
          if (before === 3) continue;
          try {
            rmdirSync(join(folder, name));
            removals.set(name, before + 1);
          } catch {
            // It holds a file.
          }
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const removing = remove();
    try {
      for (let index = 0; index < 30; index += 1)
        await writeFileAtomically(join(folder, String(index), 'file'), 'x');
    } finally {
      writing = false;
      await removing;
    }
    expect(Math.max(...removals.values())).toBe(3);
    for (let index = 0; index < 30; index += 1)
      expect(readFileSync(join(folder, String(index), 'file'), 'utf8')).toBe('x');
  });
});
