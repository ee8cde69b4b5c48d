/** Real trainings of 2, 4 and 8 epochs in real processes: 8 epochs in all, and each to the bytes that it has alone. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { handlers, type LoggedTraining } from '../../../test/study/training-handlers.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import type { Json } from '../canonical-json.ts';
import { planEnvironment } from '../environment.ts';
import { inlineExecutor } from '../executors/inline.ts';
import { localExecutor } from '../executors/local.ts';
import { PlanBuilder } from '../plan.ts';
import { runStudy } from '../scheduler.ts';
import { type FolderStore, openStore } from '../store/folder-store.ts';
import type { StudyEvent } from '../study-events.ts';
import { dataRef } from './data-ref.ts';

const module = new URL('../../../test/study/training-handlers.ts', import.meta.url);
/** Ten steps each, which is a sign of progress each. */
const LENGTHS = [2, 4, 8] as const;

let data: ReturnType<typeof dataRef>;
const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, 'pids');
/** Digest of the model and result by epochs, each trained in a store of its own. */
const alone = new Map<number, unknown>();
beforeAll(async () => {
  data = dataRef(await loadDataset('fashion-mnist-10k'));
  for (const epochs of LENGTHS) {
    const store = await openStore(join(folder, `${epochs}`));
    const { plan, keyOf } = planOf([epochs]);
    await runStudy({ plan, store, executor: inlineExecutor({ store, handlers }) });
    alone.set(epochs, await outcomeOf(store, keyOf(epochs)));
  }
});

const planOf = (lengths: readonly number[]) => {
  const builder = new PlanBuilder(planEnvironment(handlers));
  const keys = new Map<number, string>();
  for (const epochs of lengths) {
    // The rate falls between the first and the second, and between the second and the third.
    const recipe = { ...mlDoctorRecipe(epochs), batchSize: 16, milestones: [3, 6] };
    const split = { seed: 1, perRole: 150 };
    const paramsOf = (recipe: object) => ({
      log,
      training: { data, split, on: { role: 'target-train' as const }, architecture: 'mlp', recipe },
    });
    const { epochs: _, ...rest } = recipe;
    const course = { params: paramsOf(rest) as Json, length: epochs };
    const params = paramsOf(recipe) as LoggedTraining;
    keys.set(epochs, builder.add({ kind: 'train', label: `${epochs}`, course, params, seed: 5 }).key);
  }
  return { plan: builder.build(), keyOf: (epochs: number) => keys.get(epochs) as string };
};

async function outcomeOf(store: FolderStore, key: string) {
  const record = await store.record(key);
  return { model: record?.blobs['model.onnx'], result: record?.result };
}

/** Epochs that were really run, by the training that ran them. */
const epochsRun = (events: readonly StudyEvent[]) => {
  const run: Record<string, number> = {};
  for (const event of events)
    if (event.type === 'progress' && event.progress.figures !== undefined)
      run[event.task.label] = (run[event.task.label] ?? 0) + 1;
  return run;
};

const pool = (store: FolderStore, checkpointSeconds: number) => {
  const executor = localExecutor({ store, handlers: module, workers: 2, places: { checkpointSeconds } });
  onTestFinished(() => executor.close());
  return executor;
};

async function expectAsAlone(store: FolderStore, keyOf: (epochs: number) => string) {
  for (const epochs of LENGTHS)
    expect(await outcomeOf(store, keyOf(epochs)), `${epochs}`).toEqual(alone.get(epochs));
}

test('three trainings are as much work as the longest, and have the bits that they have alone', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const { plan, keyOf } = planOf([8, 2, 4]);
  const events: StudyEvent[] = [];
  const onEvent = (event: StudyEvent) => void events.push(event);
  // No checkpoint is due but those at the ends.
  expect(await runStudy({ plan, store, executor: pool(store, 3600), onEvent })).toMatchObject({ ran: 3 });
  expect(epochsRun(events)).toEqual({ 2: 2, 4: 2, 8: 4 });
  await expectAsAlone(store, keyOf);
  for (const epochs of LENGTHS) expect(await store.hasCheckpoint(keyOf(epochs))).toBe(false);
});

test('the death of a worker in the longest, and a stop, cost no more than a step', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'));
  const { plan, keyOf } = planOf(LENGTHS);
  const events: StudyEvent[] = [];
  let killed = false;
  const stop = new AbortController();
  const onEvent = (event: StudyEvent) => {
    events.push(event);
    if (event.type !== 'progress' || event.task.label !== '8') return;
    if (event.progress.fraction > 0.7) stop.abort();
    if (killed || event.progress.fraction < 0.6) return;
    killed = true;
    process.kill(Number(readFileSync(log, 'utf8').trim().split('\n').at(-1)), 'SIGKILL');
  };
  const { signal } = stop;
  const first = await runStudy({ plan, store, executor: pool(store, 0), onEvent, signal });
  expect(first).toMatchObject({ ran: 2, aborted: 1, failed: 0 });
  expect(killed).toBe(true);

  await runStudy({ plan, store, executor: pool(store, 0), onEvent });
  await expectAsAlone(store, keyOf);
  const run = epochsRun(events);
  expect([run['2'], run['4']]).toEqual([2, 2]);
  // An epoch's sign of progress may come twice where its last step drew the shot, or the stop.
  expect(run['8']).toBeGreaterThanOrEqual(4);
  expect(run['8']).toBeLessThanOrEqual(6);
});
