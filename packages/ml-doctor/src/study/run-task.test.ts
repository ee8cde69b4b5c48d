import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newBench, setUp } from '../../test/study/executor-contract.ts';
import { handlers } from '../../test/study/fixture-handlers.ts';
import { sizeOf, temporaryFolder } from '../../test/study/temporary-folder.ts';
import { planEnvironment } from './environment.ts';
import { inlineExecutor } from './executors/inline.ts';
import { PlanBuilder } from './plan.ts';
import { runTask } from './run-task.ts';
import { openStore } from './store/folder-store.ts';
import type { Task, TaskHandlers } from './task.ts';

const control = { signal: new AbortController().signal, progress: () => {} };

async function planned(code?: string) {
  const bench = await newBench((store) => inlineExecutor({ store, handlers }));
  const { log } = setUp(bench);
  const environment = planEnvironment(handlers);
  const builder = new PlanBuilder(
    code === undefined ? environment : { ...environment, code: { constant: code } },
  );
  builder.add({ kind: 'constant', label: 'one', params: { value: 1, log: log('ran') }, seed: 0 });
  return { task: builder.build().tasks[0]!, store: bench.store, ran: () => sizeOf(log('ran')) };
}

test('a task that somebody else has finished meanwhile is not run again', async () => {
  const { task, store, ran } = await planned();
  expect(await runTask(task, handlers, store, control)).toEqual({ status: 'done' });
  expect(await runTask(task, handlers, store, control)).toEqual({ status: 'done' });
  expect(ran()).toBe(1);
});

test('a task planned with other code neither runs nor commits', async () => {
  const { task, store, ran } = await planned('0'.repeat(64));
  expect(await runTask(task, handlers, store, control)).toMatchObject({
    status: 'failed',
    failure: { code: 'MLD_TASK_FAILED', message: expect.stringContaining('source code changed') },
  });
  expect(ran()).toBe(0);
  expect(await store.record(task.key)).toBeUndefined();
});

test('a task whose input is not in the store fails without running', async () => {
  const { task, store, ran } = await planned();
  const orphan = { ...task, inputs: ['f'.repeat(64)] };
  expect(await runTask(orphan, handlers, store, control)).toMatchObject({
    status: 'failed',
    failure: { code: 'MLD_STORE_CORRUPT', message: expect.stringContaining('f'.repeat(64)) },
  });
  expect(ran()).toBe(0);
});

test('a task that is stopped before it starts does not run', async () => {
  const { task, store, ran } = await planned();
  const stopped = { ...control, signal: AbortSignal.abort() };
  expect(await runTask(task, handlers, store, stopped)).toEqual({ status: 'aborted' });
  expect(ran()).toBe(0);
});

test('a task that went on from a checkpoint tells no time to estimate others by', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const resuming: TaskHandlers = {
    constant: {
      code: handlers.constant!.code,
      run: async (_params, _inputs, { checkpoint }) => ({ result: (await checkpoint.load())?.length ?? 0 }),
    },
  };
  const builder = new PlanBuilder(planEnvironment(resuming));
  for (const seed of [0, 1])
    builder.add({ kind: 'constant', label: 'one', params: {}, seed, effort: { like: 'x', units: 5 } });
  const [whole, part] = builder.build().tasks as [Task, Task];
  await store.checkpoint(part.key).save(new Uint8Array(7));
  for (const task of [whole, part])
    expect(await runTask(task, resuming, store, control)).toEqual({ status: 'done' });
  expect(await store.record(whole.key)).toMatchObject({ result: 0, effort: { like: 'x', units: 5 } });
  const resumed = await store.record(part.key);
  expect([resumed?.result, resumed?.effort]).toEqual([7, undefined]);
  expect(await store.checkpoint(part.key).load()).toBeUndefined();
});

test('a task that reads back its own checkpoint has not gone on from one', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const saving: TaskHandlers = {
    constant: {
      code: handlers.constant!.code,
      run: async (_params, _inputs, { checkpoint }) => {
        await checkpoint.load();
        await checkpoint.save(new Uint8Array(3));
        return { result: (await checkpoint.load())?.length ?? 0 };
      },
    },
  };
  const builder = new PlanBuilder(planEnvironment(saving));
  builder.add({ kind: 'constant', label: 'one', params: {}, seed: 0, effort: { like: 'x', units: 5 } });
  const [task] = builder.build().tasks as [Task];
  await runTask(task, saving, store, control);
  expect(await store.record(task.key)).toMatchObject({ result: 3, effort: { like: 'x', units: 5 } });
});
