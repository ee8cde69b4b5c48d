/** Real workers that take too much, in every way a process can. */

import { fork, spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { newBench, setUp } from '../../../test/study/executor-contract.ts';
import { handlers as fixtures } from '../../../test/study/fixture-handlers.ts';
import { isAlive, temporaryFolder, until } from '../../../test/study/temporary-folder.ts';
import { planEnvironment } from '../environment.ts';
import { PlanBuilder } from '../plan.ts';
import { type FolderStore, openStore } from '../store/folder-store.ts';
import type { Task } from '../task.ts';
import { localExecutor } from './local.ts';
import { defaultWorkerMemoryMiB, MEMORY_LOOK_MS, memoryMiBOf, ownMemoryMiB } from './memory.ts';
import { failureByDeath } from './worker-death.ts';
import type { FromWorker, WorkerSettings } from './worker-protocol.ts';

const handlers = new URL('../../../test/study/fixture-handlers.ts', import.meta.url);
const onLinux = process.platform === 'linux';
const limited = (memoryMiB: number) => async () =>
  setUp(await newBench((store: FolderStore) => localExecutor({ store, handlers, workers: 1, memoryMiB })));

describe('a worker above its limit', () => {
  const bench = limited(300);
  const ended = (label: string) => ({
    code: 'MLD_WORKER_MEMORY',
    message: expect.stringMatching(`"${label}" was ended at \\d+ MiB of memory; the limit is 300 MiB$`),
    hint: expect.stringContaining('more memory'),
    transient: false,
  });

  test('by native memory is ended, and its task is not tried again; the next has a worker of its own', async () => {
    const { add, run, log, ofType } = await bench();
    add('hoard', { mib: 2000, pauses: true });
    add('constant', { value: 1, log: log('ran') });
    const summary = await run();
    expect(summary).toMatchObject({ ran: 1, failed: 1 });
    const [{ failure }] = summary.holes as [(typeof summary.holes)[0]];
    expect(failure).toMatchObject(ended('hoard'));
    const [, mib] = /at (\d+) MiB/.exec(failure.message) as unknown as [string, string];
    expect(Number(mib)).toBeGreaterThan(300);
    expect(Number(mib)).toBeLessThan(2000);
    expect(ofType('started').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test.skipIf(!onLinux)(
    `that never pauses to report is measured from outside${onLinux ? '' : ' (only Linux tells)'}`,
    async () => {
      const { add, run } = await bench();
      add('hoard', { mib: 600, pauses: false });
      expect((await run()).holes[0]?.failure).toMatchObject(ended('hoard'));
    },
  );

  test('by its own report is believed', async () => {
    const { add, run } = await bench();
    add('boast', { mib: 123_456, late: false });
    const { failure } = (await run()).holes[0] ?? {};
    expect(failure).toMatchObject({ ...ended('boast'), message: expect.stringContaining(' 123456 MiB') });
  });

  test('takes no other task with it when its own had just ended', async () => {
    const { add, run, log, ofType } = await bench();
    add('boast', { mib: 123_456, late: true });
    add('constant', { value: 1, log: log('ran') });
    expect(await run()).toMatchObject({ ran: 2, failed: 0 });
    expect(ofType('started').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test('by its JavaScript heap says so', async () => {
    const { add, run } = await limited(160)();
    add('exhaust', null);
    expect((await run()).holes[0]?.failure).toMatchObject({
      code: 'MLD_WORKER_MEMORY',
      message: expect.stringContaining('"exhaust"'),
      transient: false,
    });
  });

  test('whose own limit is lower ends by it, in the same words', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=60');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { add, run } = setUp(
      await newBench((store: FolderStore) => localExecutor({ store, handlers, workers: 1 })),
    );
    add('exhaust', null);
    expect((await run()).holes[0]?.failure).toMatchObject({
      code: 'MLD_WORKER_MEMORY',
      message: expect.stringContaining('heap is full'),
      hint: expect.stringContaining('more memory'),
      transient: false,
    });
  });
});

describe('a worker within its limit', () => {
  test('may fill its heap up to it', async () => {
    const { add, run, store } = await limited(300)();
    const { key } = add('context', { nested: { list: [] } });
    await run();
    const { heapLimitMiB } = (await store.finished(key)).result as { heapLimitMiB: number };
    expect(heapLimitMiB).toBeGreaterThanOrEqual(300);
    // V8 adds room for young objects, more of it in newer versions; without a limit it would be thousands.
    expect(heapLimitMiB).toBeLessThan(700);
  });

  test('is used again unless it keeps so much that the next task would pay for the last', async () => {
    const { add, run, store, executor } = await limited(800)();
    const refs = [10, 350, 20].map((mib, index) => add('litter', { mib, name: `${index}` }));
    expect(await run()).toMatchObject({ ran: 3, failed: 0 });
    const pids: number[] = [];
    for (const { key } of refs) pids.push((await store.finished(key)).result as number);
    expect(pids[0]).toBe(pids[1]);
    expect(pids[1]).not.toBe(pids[2]);
    await executor.close();
    expect(pids.map(isAlive)).toEqual([false, false, false]);
  });
});

test('a worker tells what it holds while a task runs, at its end, and no longer', async () => {
  const store = await openStore(temporaryFolder());
  const settings: WorkerSettings = { folder: store.folder, handlers: handlers.href, places: {} };
  const builder = new PlanBuilder(planEnvironment(fixtures));
  builder.add({ kind: 'hoard', label: 'hoard', params: { mib: 160, pauses: true }, seed: 0 });
  const child = fork(
    fileURLToPath(new URL('./worker-main.ts', import.meta.url)),
    [JSON.stringify(settings)],
    {
      execArgv: ['--import', 'tsx', '--conditions=source'],
      serialization: 'advanced',
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: FromWorker[] = [];
  child.on('message', (message) => said.push(message as FromWorker));
  const told = () => said.flatMap((message) => (message.type === 'memory' ? [message.mib] : []));
  await until(() => said.length > 0);
  expect(said).toEqual([{ type: 'ready' }]);
  child.send({ type: 'run', task: builder.build().tasks[0] } as never);
  await until(() => (told().at(-1) ?? 0) > 160 && told().length > 2);
  expect(told()[0]).toBeLessThan(told().at(-1) as number);
  child.send({ type: 'abort' });
  await until(() => said.at(-1)?.type === 'ended');
  expect(said.at(-1)).toMatchObject({ outcome: { status: 'aborted' } });
  expect((said.at(-1) as { mib: number }).mib).toBeGreaterThan(60);
  await sleep(3 * MEMORY_LOOK_MS);
  expect(said.at(-1)?.type).toBe('ended');
});

describe('how much there is', () => {
  test('90 % of the machine or of its container, in equal parts', () => {
    const constrained = vi.spyOn(process, 'constrainedMemory');
    onTestFinished(() => constrained.mockRestore());
    constrained.mockReturnValue(1000 * 2 ** 20);
    expect([1, 2, 7].map(defaultWorkerMemoryMiB)).toEqual([900, 450, 128]);
    const machine = Math.floor((0.9 * totalmem()) / 2 ** 20);
    for (const none of [0, 2 ** 64, undefined as never]) {
      constrained.mockReturnValue(none);
      expect(defaultWorkerMemoryMiB(1)).toBe(machine);
    }
  });

  test.skipIf(!onLinux)('of another process, as it says itself', async () => {
    const script = `globalThis.held = Buffer.alloc(200 << 20, 1);
      console.log(process.memoryUsage.rss()); setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await until(() => said.includes('\n'));
    const mib = memoryMiBOf(child.pid as number) as number;
    expect(Math.abs(mib - Number(said) / 2 ** 20)).toBeLessThan(20);
    expect(mib).toBeGreaterThan(200);
    expect(memoryMiBOf(2 ** 22 + 1)).toBeUndefined();
    expect(Math.abs((memoryMiBOf(process.pid) as number) - ownMemoryMiB())).toBeLessThan(50);
  });
});

test('a death from outside may pass, and its words say what to try', () => {
  const task = { label: 'x' } as Task;
  const death = { how: 'was ended by SIGKILL', transient: true, output: '' };
  expect(failureByDeath(task, death)).toMatchObject({
    code: 'MLD_WORKER_DIED',
    hint: expect.stringContaining('fewer workers'),
    transient: true,
  });
});
