import { rmSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newBench, setUp } from '../../test/study/executor-contract.ts';
import { handlers } from '../../test/study/fixture-handlers.ts';
import { MemoryStore } from '../../test/study/memory-store.ts';
import { newRecord } from '../../test/study/new-record.ts';
import { sizeOf } from '../../test/study/temporary-folder.ts';
import { planEnvironment } from './environment.ts';
import type { Executor } from './executors/executor.ts';
import { inlineExecutor } from './executors/inline.ts';
import { findMissing } from './missing-tasks.ts';
import { PlanBuilder, type TaskRef } from './plan.ts';
import { runStudy } from './scheduler.ts';
import type { FolderStore } from './store/folder-store.ts';
import type { StudyEvent } from './study-events.ts';

const inline = (store: FolderStore) => inlineExecutor({ store, handlers });
const newBuilder = () => new PlanBuilder(planEnvironment(handlers));

describe('what need not run', () => {
  test('a task that only stored tasks need does not run, even when its own record is gone', async () => {
    const { add, run, log, store, ofType } = setUp(await newBench(inline));
    const deep = add('constant', { value: 1, log: log('ran') });
    const middle = add('sum', { log: log('ran'), name: 'middle' }, [deep]);
    add('sum', { log: log('ran'), name: 'end' }, [middle]);
    await run();
    rmSync(store.recordPath(deep.key));
    rmSync(store.recordPath(middle.key));
    expect(await run()).toMatchObject({ ran: 0, cached: 3 });
    expect(ofType('cached')).toHaveLength(3);
    expect(ofType('planned').at(-1)).toMatchObject({ cached: 3, unneeded: 2, toRun: 0 });
    expect(sizeOf(log('ran'))).toBe(3);
  });

  test('damage where nothing is needed is told, and nothing runs', async () => {
    const { add, run, log, store, ofType } = setUp(await newBench(inline));
    const deep = add('constant', { value: 1, log: log('ran') });
    add('sum', { log: log('ran'), name: 'end' }, [deep]);
    await run();
    truncateSync(store.recordPath(deep.key), 40);
    expect(await run()).toMatchObject({ ran: 0, cached: 2, failed: 0 });
    expect(ofType('planned').at(-1)).toMatchObject({ total: 2, cached: 2, unneeded: 1, toRun: 0 });
    expect(ofType('damaged')).toEqual([
      expect.objectContaining({
        task: expect.objectContaining({ key: deep.key }),
        failure: expect.objectContaining({
          code: 'MLD_STORE_CORRUPT',
          message: expect.stringContaining(store.recordPath(deep.key)),
        }),
        needed: false,
      }),
    ]);
    expect(sizeOf(log('ran'))).toBe(2);
  });

  test('a lost end is computed from a stored middle; a lost middle too only then', async () => {
    const { add, run, log, store } = setUp(await newBench(inline));
    const deep = add('constant', { value: 1, log: log('ran') });
    const middle = add('sum', { log: log('ran'), name: 'middle' }, [deep]);
    const end = add('sum', { log: log('ran'), name: 'end' }, [middle]);
    await run();
    rmSync(store.recordPath(deep.key));
    rmSync(store.recordPath(end.key));
    expect(await run()).toMatchObject({ ran: 1, cached: 2 });
    rmSync(store.recordPath(middle.key));
    rmSync(store.recordPath(end.key));
    expect(await run()).toMatchObject({ ran: 3, cached: 0 });
  });

  test('targets choose what is wanted', async () => {
    const { store, executor, log } = setUp(await newBench(inline));
    const builder = newBuilder();
    const add = (value: number) =>
      builder.add({ kind: 'constant', label: `${value}`, params: { value, log: log('ran') }, seed: 0 });
    const [one, two] = [add(1), add(2)];
    const plan = builder.build();
    expect(await runStudy({ plan, store, executor, targets: [two] })).toMatchObject({ ran: 1, cached: 1 });
    expect(await store.record(one.key)).toBeUndefined();
    expect((await findMissing(plan, store)).missing.map(({ key }) => key)).toEqual([one.key]);
    await expect(findMissing(plan, store, [{ key: 'f'.repeat(64) }])).rejects.toThrow('internal: target');
  });

  test('an empty plan is done', async () => {
    const { run } = setUp(await newBench(inline));
    expect(await run()).toMatchObject({ ran: 0, cached: 0, failed: 0, blocked: 0, aborted: 0, holes: [] });
  });
});

describe('executors are not taken at their word', () => {
  test('a task reported done without a record has failed', async () => {
    const { store, log } = setUp(await newBench(inline));
    const builder = newBuilder();
    const one = builder.add({
      kind: 'constant',
      label: 'one',
      params: { value: 1, log: log('ran') },
      seed: 0,
    });
    builder.add({ kind: 'sum', label: 'sum', params: { log: log('ran') }, seed: 0, inputs: [one] });
    const liar = { width: 1, submit: async () => ({ status: 'done' }) as const, close: async () => {} };
    const summary = await runStudy({ plan: builder.build(), store, executor: liar });
    expect(summary).toMatchObject({ ran: 0, failed: 1, blocked: 1 });
    expect(summary.holes[0]?.failure.code).toBe('MLD_STORE_CORRUPT');
  });
});

describe('what watches a study', () => {
  test.each(['planned', 'started', 'progress', 'finished'] as const)(
    'an error of the listener at "%s" stops the study, and is the caller’s to hear',
    async (when) => {
      const { store, executor, log } = setUp(await newBench(inline));
      const builder = newBuilder();
      for (const value of [1, 2, 3]) {
        const params = { events: 2, value, log: log('ran') };
        builder.add({ kind: when === 'progress' ? 'progress' : 'constant', label: '', params, seed: 0 });
      }
      const plan = builder.build();
      const seen: string[] = [];
      const onEvent = ({ type }: StudyEvent) => {
        seen.push(type);
        if (type === when) throw new RangeError(`a fault at ${type}`);
      };
      await expect(runStudy({ plan, store, executor, onEvent })).rejects.toThrow(`a fault at ${when}`);
      expect(seen.filter((type) => type === 'started')).toHaveLength(when === 'planned' ? 0 : 1);
      const { ran, failed } = await runStudy({ plan, store, executor });
      expect([ran, failed]).toEqual([when === 'finished' ? 2 : 3, 0]);
    },
  );

  test('a stop asks nothing more of the executor', async () => {
    const abort = new AbortController();
    let submitted = 0;
    const executor: Executor = {
      width: 1,
      submit: async () => {
        submitted += 1;
        abort.abort();
        return { status: 'aborted' };
      },
      close: async () => {},
    };
    const builder = newBuilder();
    for (const value of [1, 2, 3]) builder.add({ kind: 'constant', label: '', params: { value }, seed: 0 });
    const { signal } = abort;
    const summary = await runStudy({ plan: builder.build(), store: new MemoryStore(), executor, signal });
    expect(summary).toMatchObject({ ran: 0, failed: 0, aborted: 3 });
    expect(submitted).toBe(1);
  });

  test('a fault of the executor itself is nobody’s result', async () => {
    const submit = () => {
      throw new Error('internal: a fault of the executor');
    };
    const executor: Executor = { width: 1, submit, close: async () => {} };
    const builder = newBuilder();
    builder.add({ kind: 'constant', label: '', params: {}, seed: 0 });
    const study = runStudy({ plan: builder.build(), store: new MemoryStore(), executor });
    await expect(study).rejects.toThrow('internal: a fault of the executor');
  });

  test('a stop while the store is read starts nothing', async () => {
    const { store, executor, log } = setUp(await newBench(inline));
    const builder = newBuilder();
    builder.add({ kind: 'constant', label: '1', params: { value: 1, log: log('ran') }, seed: 0 });
    const abort = new AbortController();
    const onEvent = ({ type }: StudyEvent) => type === 'planned' && abort.abort();
    const { signal } = abort;
    expect(await runStudy({ plan: builder.build(), store, executor, signal, onEvent })).toMatchObject({
      ...{ ran: 0, aborted: 1 },
    });
    expect(sizeOf(log('ran'))).toBe(0);
  });
});

describe('100,000 tasks', () => {
  const count = 100_000;
  const shapes = { 'all ready at once': () => false, 'one after the other': (index: number) => index > 0 };
  test.each(Object.entries(shapes))('%s: no more submitted than run at once', async (_, follows) => {
    const store = new MemoryStore();
    const builder = newBuilder();
    let last: TaskRef | undefined;
    for (let index = 0; index < count; index += 1) {
      const inputs = last !== undefined && follows(index) ? [last] : [];
      last = builder.add({ kind: 'constant', label: '', params: { index }, seed: 0, inputs });
    }
    let now = 0;
    let most = 0;
    const executor: Executor = {
      width: 3,
      submit: async (task) => {
        now += 1;
        most = Math.max(most, now);
        await store.commit({ ...newRecord(''), key: task.key });
        now -= 1;
        return { status: 'done' };
      },
      close: async () => {},
    };
    const summary = await runStudy({ plan: builder.build(), store, executor });
    expect(summary).toMatchObject({ ran: count, failed: 0, aborted: 0 });
    expect(most).toBe(follows(1) ? 1 : 3);
  });
});

test('random graphs with random failures and losses: what runs is what a slow reading of the rules says', async () => {
  const { store, executor, log } = setUp(await newBench(inline));
  const node = fc.record({
    inputs: fc.array(fc.nat(), { maxLength: 3 }),
    fails: fc.integer({ min: 0, max: 6 }).map((roll) => roll === 0),
    lost: fc.boolean(),
  });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(node, { minLength: 1, maxLength: 9 }), async (nodes) => {
      round += 1;
      const builder = newBuilder();
      const refs: TaskRef[] = [];
      const edges: number[][] = [];
      for (const [index, { inputs, fails }] of nodes.entries()) {
        edges.push(index === 0 ? [] : [...new Set(inputs.map((pick) => pick % index))]);
        const params = { log: log('ran'), round, index, how: 'plain' };
        const from = edges[index]!.map((input) => refs[input]!);
        refs.push(
          builder.add({ kind: fails ? 'fail' : 'sum', label: `${index}`, params, seed: 0, inputs: from }),
        );
      }
      const plan = builder.build();

      // First run: done unless it or anything above it fails.
      const done = nodes.map(() => false);
      for (const [index, { fails }] of nodes.entries())
        done[index] = !fails && edges[index]!.every((i) => done[i]);
      const failed = nodes.filter(({ fails }, index) => fails && edges[index]!.every((i) => done[i])).length;
      const ran = done.filter(Boolean).length;
      const blocked = nodes.length - ran - failed;
      expect(await runStudy({ plan, store, executor })).toMatchObject({
        ran,
        cached: 0,
        failed,
        blocked,
        aborted: 0,
      });

      // Second run, some records lost: needed are the ends that are not stored, and what a needed task reads.
      for (const [index, { lost }] of nodes.entries()) {
        if (lost) rmSync(store.recordPath(refs[index]!.key), { force: true });
      }
      const stored = nodes.map(({ lost }, index) => done[index] && !lost);
      const needed = nodes.map(() => false);
      for (let index = nodes.length - 1; index >= 0; index -= 1) {
        const users = nodes.map((_, user) => user).filter((user) => edges[user]!.includes(index));
        const wanted = users.length === 0 || users.some((user) => needed[user]);
        needed[index] = wanted && !stored[index];
      }
      const before = sizeOf(log('ran'));
      const again = await runStudy({ plan, store, executor });
      const redone = needed.filter((isNeeded, index) => isNeeded && done[index]).length;
      expect(again).toMatchObject({
        ran: redone,
        cached: needed.filter((isNeeded) => !isNeeded).length,
        failed,
      });
      expect(sizeOf(log('ran')) - before).toBe(redone);
    }),
    { numRuns: 25 },
  );
});

test('holes do not tell which of several tasks failed first', async () => {
  // Answers in the order it is told to, whatever the order of the plan.
  const backwards = (store: FolderStore): Executor => {
    const inner = inlineExecutor({ store, handlers });
    const failure = (label: string) => ({ code: 'X', message: label, hint: '', transient: false });
    return {
      ...inner,
      width: 10,
      submit: async ({ label }, { started }) => {
        started(1);
        await new Promise((resolve) => setTimeout(resolve, label === 'first' ? 30 : 1));
        return { status: 'failed', failure: failure(label) };
      },
    };
  };
  for (const make of [backwards, (store: FolderStore) => ({ ...backwards(store), width: 1 })]) {
    const { store, executor } = await newBench(make);
    const builder = newBuilder();
    const add = (label: string, inputs: TaskRef[] = []) =>
      builder.add({ kind: 'constant', label, params: { label }, seed: 0, inputs });
    const [first, second] = [add('first'), add('second')];
    const middle = add('middle', [second]);
    add('end', [middle, first]);
    const { holes } = await runStudy({ plan: builder.build(), store, executor });
    expect(holes.map(({ task, failed, failure }) => [task.label, failed.label, failure.message])).toEqual([
      ['first', 'first', 'first'],
      ['second', 'second', 'second'],
      ['middle', 'second', 'second'],
      ['end', 'first', 'first'],
    ]);
  }
});
