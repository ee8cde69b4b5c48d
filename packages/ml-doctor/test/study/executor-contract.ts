/** What every executor must do, run by the test file of each. */

import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { planEnvironment } from '../../src/study/environment.ts';
import type { Executor } from '../../src/study/executors/executor.ts';
import { PlanBuilder } from '../../src/study/plan.ts';
import { runStudy } from '../../src/study/scheduler.ts';
import { type FolderStore, openStore } from '../../src/study/store/folder-store.ts';
import type { StudyEvent } from '../../src/study/study-events.ts';
import type { Places, Task } from '../../src/study/task.ts';
import { handlers } from './fixture-handlers.ts';
import { sizeOf, temporaryFolder, until } from './temporary-folder.ts';

/** A store and an executor on it. */
export interface Bench {
  readonly store: FolderStore;
  readonly executor: Executor;
}

/** A bench of its own for one test. */
export async function newBench(makeExecutor: (store: FolderStore) => Executor): Promise<Bench> {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const executor = makeExecutor(store);
  onTestFinished(() => executor.close());
  return { store, executor };
}

/** An empty plan, and a way to fill and run it. */
export function setUp({ store, executor }: Bench) {
  const folder = temporaryFolder();
  const builder = new PlanBuilder(planEnvironment(handlers));
  const events: StudyEvent[] = [];
  return {
    store,
    executor,
    events,
    log: (name: string) => join(folder, name),
    add: (
      kind: string,
      params: Parameters<PlanBuilder['add']>[0]['params'],
      inputs: { key: string }[] = [],
    ) => builder.add({ kind, label: kind, params, seed: 3, inputs }),
    /** For who asks the executor without a scheduler. */
    withPlan(kind: string, count = 1) {
      for (let index = 0; index < count; index += 1) this.add(kind, { index, log: this.log('ran') });
      return { ...this, plan: builder.build() };
    },
    run: (signal?: AbortSignal) =>
      runStudy({
        ...{ plan: builder.build(), store, executor, onEvent: (event) => events.push(event) },
        ...(signal === undefined ? {} : { signal }),
      }),
    ofType: <T extends StudyEvent['type']>(type: T) =>
      events.filter((event): event is Extract<StudyEvent, { type: T }> => event.type === type),
  };
}

export function describeExecutor(
  name: string,
  makeExecutor: (store: FolderStore, places?: Places) => Executor,
): void {
  describe(`${name} executor`, () => {
    // One for all tests, as one pool serves many plans; file names of their own keep the tests' tasks apart.
    let bench: Bench;
    beforeAll(async () => {
      const store = await openStore(mkdtempSync(join(tmpdir(), 'ml-doctor-')));
      bench = { store, executor: makeExecutor(store) };
    });
    afterAll(async () => {
      await bench.executor.close();
      rmSync(bench.store.folder, { recursive: true });
    });

    test('runs a diamond in order, and nothing at all the second time', async () => {
      const { add, run, log, store, events, ofType } = setUp(bench);
      const top = add('constant', { value: 1, log: log('ran') });
      const left = add('sum', { log: log('ran'), side: 'left' }, [top]);
      const right = add('sum', { log: log('ran'), side: 'right' }, [top, top]);
      const bottom = add('sum', { log: log('ran') }, [left, right]);

      expect(await run()).toMatchObject({ ran: 4, cached: 0, failed: 0, blocked: 0, aborted: 0, holes: [] });
      expect((await store.finished(bottom.key)).result).toBe(3);
      expect(sizeOf(log('ran'))).toBe(4);
      const order = events.map((event) => [event.type, 'task' in event ? event.task.key : '']);
      const at = (type: string, { key }: { key: string }) =>
        order.findIndex(([t, k]) => t === type && k === key);
      expect(events[0]).toEqual({ type: 'planned', total: 4, cached: 0, unneeded: 0, toRun: 4 });
      for (const side of [left, right]) {
        expect(at('started', side)).toBeGreaterThan(at('finished', top));
        expect(at('started', bottom)).toBeGreaterThan(at('finished', side));
      }

      events.length = 0;
      expect(await run()).toMatchObject({ ran: 0, cached: 4, failed: 0, blocked: 0 });
      expect(sizeOf(log('ran'))).toBe(4);
      expect(ofType('cached')).toHaveLength(4);
      expect(ofType('started')).toHaveLength(0);
    });

    test('a failure blocks what needs it, the rest finishes, and the holes say why', async () => {
      const { add, run, log, ofType } = setUp(bench);
      const good = add('constant', { value: 2, log: log('ran') });
      const bad = add('fail', { how: 'audit' });
      const child = add('sum', { log: log('ran'), name: 'child' }, [good, bad]);
      const grandchild = add('sum', { log: log('ran'), name: 'grandchild' }, [child, bad]);
      const other = add('sum', { log: log('ran'), name: 'other' }, [good]);

      const summary = await run();
      expect(summary).toMatchObject({ ran: 2, cached: 0, failed: 1, blocked: 2, aborted: 0 });
      expect(sizeOf(log('ran'))).toBe(2);
      expect(ofType('finished').map(({ task }) => task.key)).toEqual([good.key, other.key]);
      expect(new Set(summary.holes.map(({ task }) => task.key))).toEqual(
        new Set([bad.key, child.key, grandchild.key]),
      );
      expect(
        ofType('blocked')
          .map(({ task, by }) => [task.key, by.key])
          .sort(),
      ).toEqual([child, grandchild].map(({ key }) => [key, bad.key]).sort());
      for (const { failed, failure } of summary.holes) {
        expect(failed.key).toBe(bad.key);
        expect(failure).toMatchObject({
          code: 'MLD_SPLIT',
          message: 'quarters overlap',
          hint: 'Use fewer records.',
        });
      }
    });

    test('errors keep code, message and hint, whoever threw them', async () => {
      const { add, run } = setUp(bench);
      const cases = [
        ['onnx-grad', { code: 'OG_DIVERGED', message: 'the loss is NaN', hint: 'Lower the learning rate.' }],
        [
          'plain',
          { code: 'MLD_TASK_FAILED', message: 'x is not a function', detail: expect.stringContaining('run') },
        ],
        ['string', { code: 'MLD_TASK_FAILED', message: 'just text' }],
        ['nan', { code: 'MLD_TASK_FAILED', message: expect.stringContaining('result is NaN') }],
      ] as const;
      const refs = cases.map(([how]) => add('fail', { how }));
      const { holes, failed } = await run();
      expect(failed).toBe(cases.length);
      for (const [index, [, expected]] of cases.entries()) {
        const hole = holes.find(({ task }) => task.key === refs[index]?.key);
        expect(hole?.failure).toMatchObject({ ...expected, transient: false });
      }
    });

    test('tries a transient failure again, three times at most, and no other', async () => {
      const { add, run, log, ofType } = setUp(bench);
      add('flaky', { log: log('recovers'), failures: 3 });
      add('flaky', { log: log('hopeless'), failures: 4 });
      add('fail', { how: 'audit' });
      const summary = await run();
      expect(summary).toMatchObject({ ran: 1, failed: 2 });
      expect([sizeOf(log('recovers')), sizeOf(log('hopeless'))]).toEqual([4, 4]);
      expect(summary.holes.find(({ task }) => task.kind === 'flaky')?.failure).toMatchObject({
        code: 'MLD_DATA_UNREADABLE',
        transient: true,
      });
      const attempts = (kind: string) => ofType('started').filter(({ task }) => task.kind === kind);
      expect(attempts('fail').map(({ attempt }) => attempt)).toEqual([1]);
      expect(new Set(attempts('flaky').map(({ attempt }) => attempt))).toEqual(new Set([1, 2, 3, 4]));
    });

    test('forwards progress in order, also figures that JSON cannot hold', async () => {
      const { add, run, ofType } = setUp(bench);
      add('progress', { events: 4 });
      await run();
      expect(ofType('progress').map(({ progress }) => progress)).toEqual([
        { fraction: 0.25, figures: { loss: 1 } },
        { fraction: 0.5, figures: { loss: 0.5 } },
        { fraction: 0.75, figures: { loss: 1 / 3 } },
        { fraction: 1, figures: { loss: Number.NaN } },
      ]);
    });

    test.each(['wait', 'settleForLess'])(
      'an abort stops a running task (%s), starts no other, and keeps what is done',
      async (kind) => {
        const { add, run, log, store, events } = setUp(bench);
        const done = add('constant', { value: 1, log: log('ran') });
        const waiting = add(kind, { log: log('waiting') }, [done]);
        add('sum', { log: log('ran') }, [waiting]);
        const abort = new AbortController();
        const running = run(abort.signal);
        await until(() => sizeOf(log('waiting')) > 0);
        abort.abort();
        expect(await running).toMatchObject({
          ran: 1,
          cached: 0,
          failed: 0,
          blocked: 0,
          aborted: 2,
          holes: [],
        });
        expect(await store.record(done.key)).toBeDefined();
        expect(await store.record(waiting.key)).toBeUndefined();

        events.length = 0;
        expect(await run(AbortSignal.abort())).toMatchObject({ ran: 0, cached: 1, aborted: 2 });
        expect(events.filter(({ type }) => type === 'started')).toEqual([]);
      },
    );

    test('gives the handler its parameters, seed, threads, device, and inputs in the order asked for', async () => {
      const { add, run, log, store } = setUp(bench);
      const one = add('constant', { value: 1, log: log('ran') });
      const two = add('constant', { value: 2, log: log('ran') });
      const task = add('context', { nested: { list: [1, 2] } }, [two, one, two]);
      await run();
      expect((await store.finished(task.key)).result).toMatchObject({
        ...{ params: { nested: { list: [1, 2] } }, seed: 3, threads: 1, device: 'cpu' },
        inputs: [two.key, one.key, two.key],
      });
      const record = JSON.parse(readFileSync(store.recordPath(task.key), 'utf8'));
      expect(record).toMatchObject({
        kind: 'context',
        seed: 3,
        runtime: { node: process.version, threads: 1 },
      });
    });

    test('hands on the places of this machine, which are no part of the key', async () => {
      const given = { dataDir: '/somewhere', checkpointSeconds: 7 };
      const elsewhere = await newBench((store) => makeExecutor(store, given));
      const { add, run, store } = setUp(elsewhere);
      const task = add('context', { nested: { list: [] } });
      await run();
      expect((await store.finished(task.key)).result).toMatchObject({ places: given });
      const nowhere = setUp({ store, executor: bench.executor });
      nowhere.add('context', { nested: { list: [] } });
      expect(await nowhere.run()).toMatchObject({ ran: 0, cached: 1 });
    });

    test('runs a task again whose record or whose blob was damaged', async () => {
      const { add, run, log, store, ofType } = setUp(bench);
      const one = add('constant', { value: 1, log: log('ran') });
      const two = add('constant', { value: 2, log: log('ran') });
      await run();
      truncateSync(store.recordPath(one.key), 40);
      const blob = (await store.record(two.key))?.blobs.value;
      truncateSync(store.blobPath(blob?.sha256 ?? ''), 3);
      expect(await run()).toMatchObject({ ran: 2, cached: 0, failed: 0 });
      expect(ofType('damaged').map(({ task, failure, needed }) => [task.key, failure.code, needed])).toEqual([
        [one.key, 'MLD_STORE_CORRUPT', true],
      ]);
      expect((await store.finished(one.key)).result).toBe(1);
      expect(await (await store.finished(two.key)).blob('value')).toHaveLength(8);
    });

    test('a stop in the moment a task starts stops it', async () => {
      const { store, executor, plan } = setUp(bench).withPlan('wait');
      const abort = new AbortController();
      const onEvent = ({ type }: StudyEvent) => type === 'started' && abort.abort();
      const { signal } = abort;
      expect(await runStudy({ plan, store, executor, signal, onEvent })).toMatchObject({ aborted: 1 });
    });

    test('a task that is taken back before it starts never starts', async () => {
      const { plan, log, executor } = setUp(bench).withPlan('wait');
      const signal = AbortSignal.abort();
      const started: number[] = [];
      const hooks = { signal, started: (attempt: number) => started.push(attempt), progress: () => {} };
      expect(await executor.submit(plan.tasks[0] as Task, hooks)).toEqual({ status: 'aborted' });
      expect([started, sizeOf(log('ran'))]).toEqual([[], 0]);
    });

    test('closing takes back what runs and what waits, and waits for its end', async () => {
      const { plan, log, executor } = setUp(await newBench(makeExecutor)).withPlan('linger', 4);
      const { signal } = new AbortController();
      let settled = 0;
      const hooks = { signal, started: () => {}, progress: () => {} };
      const outcomes = plan.tasks.map(async (task) => {
        const outcome = await executor.submit(task, hooks);
        settled += 1;
        return outcome;
      });
      await until(() => sizeOf(log('ran')) > 0);
      await executor.close();
      await turn();
      expect(settled).toBe(4);
      expect(await Promise.all(outcomes)).toEqual(Array(4).fill({ status: 'aborted' }));
      // Nothing begins afterwards either.
      const before = sizeOf(log('ran'));
      expect(await executor.submit(plan.tasks[0] as Task, hooks)).toEqual({ status: 'aborted' });
      expect(sizeOf(log('ran'))).toBe(before);
    });

    test('takes many tasks at once', async () => {
      const { add, run, log, store } = setUp(bench);
      const ones = Array.from({ length: 40 }, (_, value) => add('constant', { value, log: log('ran') }));
      const total = add('sum', { log: log('ran') }, ones);
      expect(await run()).toMatchObject({ ran: 41, failed: 0 });
      expect((await store.finished(total.key)).result).toBe((39 * 40) / 2);
    });
  });
}
