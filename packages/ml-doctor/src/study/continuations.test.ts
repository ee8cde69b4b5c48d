/** Tasks that go on from the end of shorter ones, here of work that only counts: no result depends on it, only how long it takes. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { AuditError } from '../errors.ts';
import { planEnvironment } from './environment.ts';
import { inlineExecutor } from './executors/inline.ts';
import { PlanBuilder, type TaskRef } from './plan.ts';
import { runStudy } from './scheduler.ts';
import { openStore } from './store/folder-store.ts';
import type { StudyEvent } from './study-events.ts';
import type { TaskHandler, TaskHandlers } from './task.ts';

type Params = { readonly steps: number; readonly failsAt?: number };

async function setUp() {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const log: string[] = [];
  let broken = true;
  /** Counts up to `steps` from what was saved, and saves after each step that it fails at. */
  const count: TaskHandler<Params, number> = {
    code: ['ml-doctor/study/canonical-json'],
    run: async ({ steps, failsAt }, _, { checkpoint }) => {
      let at = (await checkpoint.load())?.[0] ?? 0;
      log.push(`${steps} from ${at}`);
      for (; at < steps; at += 1)
        if (broken && at === failsAt) {
          await checkpoint.save(Uint8Array.of(at));
          throw new AuditError('MLD_TASK_FAILED', 'broken', 'Mend it.');
        }
      if (checkpoint.atEnd) await checkpoint.save(Uint8Array.of(at));
      return { result: at };
    },
  };
  const sum: TaskHandler<Record<string, never>, number> = {
    code: count.code,
    run: async (_, inputs) => ({ result: inputs.reduce((total, { result }) => total + Number(result), 0) }),
  };
  const handlers = { count, sum } as unknown as TaskHandlers;
  const run = async (lengths: readonly number[], failsAt?: number, behind: readonly number[] = []) => {
    log.length = 0;
    const builder = new PlanBuilder(planEnvironment(handlers));
    const tasks = new Map<number, TaskRef>();
    for (const steps of lengths) {
      const params = { steps, ...(failsAt !== undefined && steps === Math.min(...lengths) && { failsAt }) };
      const course = { params: {}, length: steps };
      const effort = { like: 'count', units: steps };
      tasks.set(steps, builder.add({ kind: 'count', label: `${steps}`, effort, course, params, seed: 0 }));
    }
    for (const steps of behind)
      builder.add({ kind: 'sum', label: 'sum', params: {}, seed: 0, inputs: [tasks.get(steps) as TaskRef] });
    const events: StudyEvent[] = [];
    const executor = inlineExecutor({ store, handlers });
    const onEvent = (event: StudyEvent) => void events.push(event);
    const summary = await runStudy({ plan: builder.build(), store, executor, onEvent });
    const keyOf = (steps: number) => (tasks.get(steps) as TaskRef).key;
    const recordOf = (steps: number) => store.record(keyOf(steps));
    const left = async () => {
      const kept = await Promise.all(lengths.map((steps) => store.hasCheckpoint(keyOf(steps))));
      return lengths.filter((_, i) => kept[i]);
    };
    return { summary, log: [...log], recordOf, keyOf, left, events };
  };
  return { store, run, mend: () => (broken = false) };
}

test('each begins where the shorter ended, the longest planned first, and nothing is left of it', async () => {
  const { run } = await setUp();
  const { log, summary, recordOf, left } = await run([40, 5, 10]);
  expect(log).toEqual(['5 from 0', '10 from 5', '40 from 10']);
  expect(summary).toMatchObject({ ran: 3, failed: 0 });
  expect(await left()).toEqual([]);
  // The seconds of a part would mislead whoever estimates by them.
  expect((await recordOf(5))?.effort).toEqual({ like: 'count', units: 5 });
  expect([(await recordOf(10))?.effort, (await recordOf(40))?.effort]).toEqual([undefined, undefined]);
});

test('what is stored is found again in another plan, and only what is new is done', async () => {
  const { run } = await setUp();
  expect((await run([5, 40])).log).toEqual(['5 from 0', '40 from 5']);
  expect((await run([5, 10, 40])).log).toEqual(['10 from 0']);
  expect((await run([40])).log).toEqual([]);
  expect((await run([5, 10, 40])).log).toEqual([]);
});

test('nothing is kept for a longer one that is done', async () => {
  const { run } = await setUp();
  await run([10]);
  const { log, left } = await run([5, 10]);
  expect(log).toEqual(['5 from 0']);
  expect(await left()).toEqual([]);
});

test('a run that is stopped between two keeps the end of the first', async () => {
  const { run, store } = await setUp();
  // As if killed before the second.
  const first = await run([5, 10]);
  const { rm } = await import('node:fs/promises');
  await rm(store.recordPath(first.keyOf(10)));
  await store.checkpoint(first.keyOf(5)).save(Uint8Array.of(5));
  expect((await run([5, 10])).log).toEqual(['10 from 5']);
  // And where it is gone, the work is done from its beginning.
  await rm(store.recordPath(first.keyOf(10)));
  const { log, recordOf } = await run([5, 10]);
  expect(log).toEqual(['10 from 0']);
  expect(await recordOf(10)).toMatchObject({ result: 10, effort: { like: 'count', units: 10 } });
});

test('one’s own state goes before that of the shorter', async () => {
  const { run, store } = await setUp();
  const { keyOf } = await run([5, 10]);
  const { rm } = await import('node:fs/promises');
  await rm(store.recordPath(keyOf(10)));
  await store.checkpoint(keyOf(5)).save(Uint8Array.of(5));
  await store.checkpoint(keyOf(10)).save(Uint8Array.of(8));
  expect((await run([5, 10])).log).toEqual(['10 from 8']);
});

test('a shorter one that fails holds the longer up no more, and goes on later where it was', async () => {
  const { run, mend } = await setUp();
  const first = await run([10, 5], 3, [5]);
  expect(first.log).toEqual(['5 from 0', '10 from 3']);
  expect(first.summary).toMatchObject({ ran: 1, failed: 1, blocked: 1, aborted: 0 });
  expect(await first.left()).toEqual([5]);
  mend();
  const second = await run([10, 5], 3, [5]);
  expect(second.log).toEqual(['5 from 3']);
  expect(second.summary).toMatchObject({ ran: 2, cached: 1, failed: 0 });
  expect(await second.left()).toEqual([]);
});
