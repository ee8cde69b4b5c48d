/** Real trainings in real processes, killed and stopped: they go on from their checkpoint, to the same bytes. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isAlive, temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { handlers, type LoggedTraining } from '../../../test/study/training-handlers.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import { planEnvironment } from '../environment.ts';
import type { Executor } from '../executors/executor.ts';
import { inlineExecutor } from '../executors/inline.ts';
import { localExecutor } from '../executors/local.ts';
import { PlanBuilder } from '../plan.ts';
import { runStudy } from '../scheduler.ts';
import { type FolderStore, openStore } from '../store/folder-store.ts';
import type { StudyEvent } from '../study-events.ts';
import type { Places } from '../task.ts';
import { dataRef } from './data-ref.ts';

const module = new URL('../../../test/study/training-handlers.ts', import.meta.url);
const epochs = 8;
const stepsPerEpoch = 10;

let data: ReturnType<typeof dataRef>;
let whole: Awaited<ReturnType<typeof undisturbed>>;
beforeAll(async () => {
  data = dataRef(await loadDataset('fashion-mnist-10k'));
  whole = await undisturbed();
});

const planOf = (log: string, epochs: number) => {
  const recipe = { ...mlDoctorRecipe(epochs), batchSize: 16 };
  const split = { seed: 1, perRole: 150 };
  const params: LoggedTraining = {
    log,
    training: { data, split, on: { role: 'target-train' }, architecture: 'mlp', recipe },
  };
  const builder = new PlanBuilder(planEnvironment(handlers));
  builder.add({ kind: 'train', label: 'train', params, seed: 5 });
  const plan = builder.build();
  return { plan, key: plan.tasks[0]?.key ?? '' };
};

/** What the training gives that nobody disturbs, in this process. */
async function undisturbed() {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-'));
  const store = await openStore(folder);
  const { plan, key } = planOf(join(folder, 'pids'), epochs);
  const events: StudyEvent[] = [];
  const executor = inlineExecutor({ store, handlers });
  await runStudy({ plan, store, executor, onEvent: (event) => events.push(event) });
  const outcome = await outcomeOf(store, key);
  rmSync(folder, { recursive: true });
  return { outcome, progress: fractions(events) };
}

async function outcomeOf(store: FolderStore, key: string) {
  const record = await store.record(key);
  return { model: record?.blobs['model.onnx'], result: record?.result };
}

const fractions = (events: readonly StudyEvent[]) =>
  events.flatMap((event) => (event.type === 'progress' ? [event.progress.fraction] : []));

const filesBeside = (store: FolderStore, key: string) =>
  readdirSync(store.folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.includes(key) && join(store.folder, file) !== store.recordPath(key),
  );

async function setUp(epochs: number) {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const log = join(temporaryFolder(), 'pids');
  const { plan, key } = planOf(log, epochs);
  const newPool = (places: Places): Executor => {
    const executor = localExecutor({ store, handlers: module, workers: 1, places });
    onTestFinished(() => executor.close());
    return executor;
  };
  const pids = () => readFileSync(log, 'utf8').trim().split('\n').map(Number);
  return { store, plan, key, newPool, pids };
}

describe('a training that is interrupted', () => {
  test('by the death of its worker goes on in the next attempt', async () => {
    const { store, plan, key, newPool, pids } = await setUp(epochs);
    const events: StudyEvent[] = [];
    let kills = 0;
    const onEvent = (event: StudyEvent) => {
      events.push(event);
      if (event.type !== 'progress' || event.progress.fraction < 0.3 || kills > 0) return;
      kills += 1;
      process.kill(pids().at(-1) as number, 'SIGKILL');
    };
    const executor = newPool({ checkpointSeconds: 0 });
    expect(await runStudy({ plan, store, executor, onEvent })).toMatchObject({ ran: 1, failed: 0 });

    const second = events.findIndex((event) => event.type === 'started' && event.attempt === 2);
    expect(second).toBeGreaterThan(0);
    const resumed = fractions(events.slice(second));
    // A checkpoint after every step: no more is lost than the step whose event drew the shot.
    expect(resumed[0]).toBeGreaterThanOrEqual(0.3 - 1 / (stepsPerEpoch * epochs));
    expect(resumed.length).toBeLessThan(whole.progress.length);
    expect(whole.progress[0]).toBe(10 / (stepsPerEpoch * epochs));
    expect(await outcomeOf(store, key)).toEqual(whole.outcome);
    expect(whole.outcome.result).toMatchObject({ steps: stepsPerEpoch * epochs });
    expect(filesBeside(store, key)).toEqual([]);
  });

  test('by a stop keeps all its steps, within two seconds, and the next run goes on', async () => {
    const { store, plan, key, newPool } = await setUp(epochs);
    const abort = new AbortController();
    // Far too long for a checkpoint before the stop.
    const first = newPool({ checkpointSeconds: 3600 });
    const onEvent = ({ type }: StudyEvent) => type === 'progress' && abort.abort();
    const { signal } = abort;
    expect(await runStudy({ plan, store, executor: first, signal, onEvent })).toMatchObject({ aborted: 1 });
    expect(await store.checkpoint(key).load()).toBeDefined();

    const events: StudyEvent[] = [];
    const executor = newPool({});
    await runStudy({ plan, store, executor, onEvent: (event) => events.push(event) });
    expect(fractions(events)[0]).toBeGreaterThanOrEqual(10 / (stepsPerEpoch * epochs));
    expect(await outcomeOf(store, key)).toEqual(whole.outcome);
    expect(filesBeside(store, key)).toEqual([]);
  });

  test('and left with somebody else’s checkpoint starts anew', async () => {
    const { store, plan, key, newPool } = await setUp(epochs);
    await store.checkpoint(key).save(new TextEncoder().encode('no checkpoint of this training'));
    const events: StudyEvent[] = [];
    const executor = newPool({});
    await runStudy({ plan, store, executor, onEvent: (event) => events.push(event) });
    expect(fractions(events)).toEqual(whole.progress);
    expect(await outcomeOf(store, key)).toEqual(whole.outcome);
    expect(filesBeside(store, key)).toEqual([]);
  });
});

test('a stop in the middle of a long training takes less than two seconds and leaves no process', async () => {
  const { store, plan, newPool, pids } = await setUp(100_000);
  const executor = newPool({});
  const abort = new AbortController();
  let stoppedAt = 0;
  const onEvent = ({ type }: StudyEvent) => {
    if (type !== 'progress' || abort.signal.aborted) return;
    stoppedAt = performance.now();
    abort.abort();
  };
  const { signal } = abort;
  expect(await runStudy({ plan, store, executor, signal, onEvent })).toMatchObject({ ran: 0, aborted: 1 });
  await executor.close();
  // What is promised; it takes some hundredths of a second.
  expect(performance.now() - stoppedAt).toBeLessThan(2000);
  expect(pids().map(isAlive)).toEqual([false]);
});
