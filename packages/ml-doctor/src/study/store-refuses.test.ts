/** A store that takes no more results: the study stops at once, keeps what is done, and goes on when there is room. */

import { execFileSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bench, setUp } from '../../test/study/executor-contract.ts';
import { handlers } from '../../test/study/fixture-handlers.ts';
import { sizeOf, temporaryFolder } from '../../test/study/temporary-folder.ts';
import { AuditError } from '../errors.ts';
import type { Executor } from './executors/executor.ts';
import { inlineExecutor } from './executors/inline.ts';
import { localExecutor } from './executors/local.ts';
import { FolderStore, openStore } from './store/folder-store.ts';

const module = new URL('../../test/study/fixture-handlers.ts', import.meta.url);
const inline = (store: FolderStore) => inlineExecutor({ store, handlers });
const local = (store: FolderStore) => localExecutor({ store, handlers: module, workers: 2 });
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountsWork();

function mountsWork(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/tmp'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A file system of its own, of so many KiB. */
function smallDisk(kib: number): { readonly folder: string; remount(options: string): void } {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'none', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return {
    folder,
    remount: (options) => void execFileSync('mount', ['-o', `remount,${options}`, folder]),
  };
}

async function benchOn(folder: string, makeExecutor: (store: FolderStore) => Executor): Promise<Bench> {
  const store = await openStore(folder);
  const executor = makeExecutor(store);
  onTestFinished(() => executor.close());
  return { store, executor };
}

/** Refuses every commit after so many. */
class FullStore extends FolderStore {
  left = 0;

  override async commit(...given: Parameters<FolderStore['commit']>) {
    this.left -= 1;
    if (this.left < 0)
      throw new AuditError('MLD_OUTPUT_UNWRITABLE', 'cannot write: full', 'Free some space.');
    return super.commit(...given);
  }
}

describe('a store that refuses', () => {
  test('ends the study with its error; the same run goes on where it stopped', async () => {
    const { folder } = await openStore(temporaryFolder());
    const store = new FullStore(folder);
    const { add, run, log, ofType } = setUp({ store, executor: inline(store) });
    for (let index = 0; index < 6; index += 1) add('bulky', { kib: 1, index, log: log('ran') });
    store.left = 2;
    await expect(run()).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
      message: 'cannot write: full',
      hint: 'Free some space. What is finished is kept: run the same command again to continue.',
    });
    expect(sizeOf(log('ran'))).toBe(3);
    expect(ofType('finished')).toHaveLength(2);
    expect(ofType('failed')).toEqual([]);
    store.left = 100;
    expect(await run()).toMatchObject({ ran: 4, cached: 2, failed: 0 });
  });

  test('stops what else is running before the error is told', async () => {
    const { folder } = await openStore(temporaryFolder());
    const store = new FullStore(folder);
    let running = 0;
    const executor: Executor = {
      width: 2,
      submit: async ({ kind }, { signal }) => {
        running += 1;
        try {
          if (kind === 'bulky') await store.commit({} as never, {});
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          return { status: 'aborted' };
        } catch (error) {
          const { code, message, hint } = error as AuditError;
          return { status: 'failed', failure: { code, message, hint, transient: false } };
        } finally {
          running -= 1;
        }
      },
      close: async () => {},
    };
    const { add, run, log } = setUp({ store, executor });
    add('wait', { log: log('pid') });
    add('bulky', { kib: 1, index: 0, log: log('ran') });
    await expect(run()).rejects.toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
    expect(running).toBe(0);
  });
});

describe.skipIf(!canMount)(
  `a real disk of one megabyte${canMount ? '' : ' (needs root and Linux to mount one)'}`,
  () => {
    const count = 16;

    test.each([
      ['inline', inline],
      ['local', local],
    ])('that is full, %s: told, nothing lost, and finished when there is room', async (_, makeExecutor) => {
      const disk = smallDisk(1024);
      const { add, run, log, ofType, store } = setUp(await benchOn(disk.folder, makeExecutor));
      const refs = [];
      for (let index = 0; index < count; index += 1)
        refs.push(add('bulky', { kib: 100, index, log: log('ran') }));
      await expect(run()).rejects.toMatchObject({
        code: 'MLD_OUTPUT_UNWRITABLE',
        message: expect.stringMatching(/: the disk is full$/),
        hint: expect.stringMatching(/^Free some space.*What is finished is kept/),
      });
      const done = ofType('finished').length;
      expect(done).toBeGreaterThan(4);
      expect(done).toBeLessThan(11);
      // Those that ran at the same time, and not one after.
      expect(sizeOf(log('ran'))).toBeLessThanOrEqual(done + 2);
      for (const { task } of ofType('finished')) expect(await store.record(task.key)).toBeDefined();

      disk.remount('size=8m');
      const before = sizeOf(log('ran'));
      expect(await run()).toMatchObject({ failed: 0, aborted: 0 });
      for (const [index, { key }] of refs.entries()) {
        const finished = await store.finished(key);
        expect(Buffer.alloc(100 << 10, index).equals(await finished.blob('bulk'))).toBe(true);
      }
      expect(sizeOf(log('ran')) - before).toBeLessThanOrEqual(count - done);
    });

    test('that becomes read-only', async () => {
      const disk = smallDisk(4096);
      const bench = await benchOn(disk.folder, inline);
      const { add, run, log, events } = setUp(bench);
      for (let index = 0; index < 5; index += 1) add('bulky', { kib: 1, index, log: log('ran') });
      const push = events.push.bind(events);
      events.push = (...all) => {
        if (all[0]?.type === 'finished') disk.remount('ro');
        return push(...all);
      };
      await expect(run()).rejects.toMatchObject({
        code: 'MLD_OUTPUT_UNWRITABLE',
        message: expect.stringMatching(/: the file system is read-only$/),
      });
      expect(sizeOf(log('ran'))).toBe(2);
      disk.remount('rw');
      events.push = push;
      expect(await run()).toMatchObject({ ran: 4, cached: 1, failed: 0 });
    });
  },
);
