import { expect, test } from 'vitest';
import { newBench, setUp } from '../../test/study/executor-contract.ts';
import { handlers } from '../../test/study/fixture-handlers.ts';
import { sizeOf } from '../../test/study/temporary-folder.ts';
import { planEnvironment } from './environment.ts';
import { inlineExecutor } from './executors/inline.ts';
import { PlanBuilder } from './plan.ts';
import { runTask } from './run-task.ts';

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
