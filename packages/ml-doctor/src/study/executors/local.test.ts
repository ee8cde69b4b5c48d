import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeExecutor, newBench, setUp } from '../../../test/study/executor-contract.ts';
import { isAlive, sizeOf, until } from '../../../test/study/temporary-folder.ts';
import type { FolderStore } from '../store/folder-store.ts';
import type { Places } from '../task.ts';
import { localExecutor } from './local.ts';

const fixtures = new URL('../../../test/study/fixture-handlers.ts', import.meta.url);
const pool = (store: FolderStore, places: Places = {}) =>
  localExecutor({ store, handlers: fixtures, workers: 2, places });
const single = (store: FolderStore) => localExecutor({ store, handlers: fixtures, workers: 1 });
const pidsIn = (file: string) => readFileSync(file, 'utf8').trim().split('\n').map(Number);

describeExecutor('local', pool);

describe('worker processes', () => {
  test('tasks run in other processes, and one worker serves many tasks', async () => {
    const { add, run, store } = setUp(await newBench(single));
    const refs = [1, 2, 3].map((number) => add('context', { number }));
    await run();
    const pids = await Promise.all(
      refs.map(async ({ key }) => (await store.finished(key)).result as { pid: number }),
    );
    expect(new Set(pids.map(({ pid }) => pid)).size).toBe(1);
    expect(pids[0]?.pid).not.toBe(process.pid);
  });

  test('a worker killed from outside is replaced and its task tried again', async () => {
    const { add, run, log, ofType } = setUp(await newBench(single));
    add('die', { log: log('deaths'), deaths: 1, signal: 'SIGKILL' });
    add('constant', { value: 1, log: log('ran') });
    expect(await run()).toMatchObject({ ran: 2, failed: 0 });
    expect(
      ofType('started')
        .map(({ attempt }) => attempt)
        .sort(),
    ).toEqual([1, 1, 2]);
  });

  test('a crash is not tried again and fails only its own task', async () => {
    const { add, run, log } = setUp(await newBench(pool));
    add('die', { log: log('deaths'), deaths: 9, signal: 'SIGSEGV' });
    add('leave', null);
    add('constant', { value: 1, log: log('ran') });
    const summary = await run();
    expect(summary).toMatchObject({ ran: 1, failed: 2 });
    expect(sizeOf(log('deaths'))).toBe(1);
    const failures = Object.fromEntries(summary.holes.map(({ task, failure }) => [task.kind, failure]));
    expect(failures.die).toMatchObject({
      code: 'MLD_WORKER_DIED',
      message: expect.stringContaining('SIGSEGV'),
    });
    expect(failures.leave).toMatchObject({
      code: 'MLD_WORKER_DIED',
      message: expect.stringContaining('exit status 7'),
      detail: expect.stringContaining('last words'),
      transient: false,
    });
  });

  test('a crash right after committing is no failure: the record is there', async () => {
    const { add, run, log, store } = setUp(await newBench(single));
    const { key } = add('lastBreath', { log: log('ran'), signal: 'SIGSEGV' });
    add('sum', { log: log('ran') });
    expect(await run()).toMatchObject({ ran: 2, failed: 0 });
    expect(sizeOf(log('ran'))).toBe(2);
    expect(await store.record(key)).toBeDefined();
  });

  test('a death right after committing is tried again, and nothing is done twice', async () => {
    const { add, run, log, ofType } = setUp(await newBench(single));
    add('lastBreath', { log: log('ran'), signal: 'SIGKILL' });
    expect(await run()).toMatchObject({ ran: 1, failed: 0 });
    expect(sizeOf(log('ran'))).toBe(1);
    expect(ofType('started').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('never more processes than workers, whoever submits', async () => {
    const bench = await newBench(single);
    const studies = [setUp(bench), setUp(bench)];
    const refs = studies.map(({ add, log }) => add('litter', { mib: 1, name: log('') }));
    await Promise.all(studies.map(({ run }) => run()));
    const pids = await Promise.all(
      refs.map(async ({ key }) => (await bench.store.finished(key)).result as number),
    );
    expect(new Set(pids).size).toBe(1);
  });

  test.each([
    ['never looks at its signal', 'spin'],
    ['takes its process with it', 'quit'],
  ])('an abort ends a task that %s', async (_, kind) => {
    const { add, run, log } = setUp(await newBench(single));
    add(kind, { log: log('pid') });
    const abort = new AbortController();
    const running = run(abort.signal);
    await until(() => sizeOf(log('pid')) > 0);
    abort.abort();
    expect(await running).toMatchObject({ ran: 0, failed: 0, aborted: 1 });
    const [pid = 0] = pidsIn(log('pid'));
    expect(isAlive(pid)).toBe(false);
  });

  test('a worker whose task stopped when asked to lives on', async () => {
    const bench = await newBench(single);
    const first = setUp(bench);
    first.add('wait', { log: first.log('pid') });
    const abort = new AbortController();
    const running = first.run(abort.signal);
    await until(() => sizeOf(first.log('pid')) > 0);
    abort.abort();
    await running;
    const second = setUp(bench);
    // Longer than the grace of one that does not stop.
    const { key } = second.add('nap', { ms: 1300 });
    expect(await second.run()).toMatchObject({ ran: 1 });
    expect((await bench.store.finished(key)).result).toBe(pidsIn(first.log('pid'))[0]);
    expect(second.ofType('started').map(({ attempt }) => attempt)).toEqual([1]);
  });

  test('a handlers module that does not load is the task’s failure', async () => {
    const nowhere = new URL('./no-such-module.ts', import.meta.url);
    const broken = (store: FolderStore) => localExecutor({ store, handlers: nowhere, workers: 1 });
    const { add, run, log } = setUp(await newBench(broken));
    add('constant', { value: 1, log: log('ran') });
    const { holes } = await run();
    expect(holes[0]?.failure).toMatchObject({
      code: 'MLD_TASK_FAILED',
      message: expect.stringContaining('no-such-module'),
    });
  });

  test('workers end when their owner is killed', async () => {
    const { store, log } = setUp(await newBench(single));
    const owner = spawnOwner(store.folder, fixtures.href, log('pid'));
    await until(() => sizeOf(log('pid')) > 0);
    const [worker = 0] = pidsIn(log('pid'));
    expect(isAlive(worker)).toBe(true);
    expect(worker).not.toBe(owner.pid);
    owner.kill('SIGKILL');
    await until(() => !isAlive(worker));
  });

  test('Ctrl-C reaches the owner, not the workers, and the owner ends in good order', async () => {
    const { store, log } = setUp(await newBench(single));
    const owner = spawnOwner(store.folder, fixtures.href, log('pid'));
    let said = '';
    owner.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await until(() => sizeOf(log('pid')) > 0);
    const [worker = 0] = pidsIn(log('pid'));
    const ended = new Promise((resolve) => owner.once('exit', resolve));
    process.kill(worker, 'SIGINT');
    await sleep(100);
    expect(isAlive(worker)).toBe(true);
    // What a terminal does: the whole process group gets the signal.
    process.kill(-(owner.pid ?? 0), 'SIGINT');
    expect(await ended).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ ran: 0, failed: 0, aborted: 1 });
    expect(isAlive(worker)).toBe(false);
  });
});

function spawnOwner(folder: string, handlers: string, log: string): ChildProcess {
  const script = fileURLToPath(new URL('../../../test/study/pool-owner.ts', import.meta.url));
  const owner = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script, folder, handlers, log],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  );
  onTestFinished(() => {
    owner.kill('SIGKILL');
  });
  return owner;
}
