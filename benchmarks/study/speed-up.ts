/** Sixteen small trainings with one worker and with two, each time from an empty store and without a process running. */
import { availableParallelism } from 'node:os';
import { loadDataset } from '../../packages/ml-doctor/src/data/load-dataset.ts';
import { planEnvironment } from '../../packages/ml-doctor/src/study/environment.ts';
import { localExecutor } from '../../packages/ml-doctor/src/study/executors/local.ts';
import { dataRef } from '../../packages/ml-doctor/src/study/kinds/data-ref.ts';
import { handlers } from '../../packages/ml-doctor/src/study/kinds/handlers.ts';
import { type Plan, PlanBuilder } from '../../packages/ml-doctor/src/study/plan.ts';
import { runStudy } from '../../packages/ml-doctor/src/study/scheduler.ts';
import { type Figure, roundsOf, type StudyCase } from './case.ts';
import { seconds } from './plan-of.ts';
import { TemporaryStores } from './temporary-store.ts';

const name = 'speed-up';
const module = new URL('../../packages/ml-doctor/src/study/kinds/handlers.ts', import.meta.url);

const trainings = async (quick: boolean): Promise<Plan> => {
  const builder = new PlanBuilder(planEnvironment(handlers));
  const data = dataRef(await loadDataset('fashion-mnist-10k'));
  const [count, records, epochs] = quick ? [2, 64, 1] : [16, 400, 12];
  const recipe = {
    epochs,
    batchSize: 64,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    milestones: [],
  };
  for (let seed = 0; seed < count; seed += 1)
    builder.add({
      kind: 'train',
      label: `train ${seed}`,
      seed,
      params: {
        ...{ data, recipe, split: { seed: 0, perRole: records } },
        ...{ on: { role: 'target-train' }, architecture: 'simple-cnn' },
      },
    });
  return builder.build();
};

/** Wall-clock seconds, starting the pool included, and the mean of what the trainings themselves took. */
const run = async (plan: Plan, stores: TemporaryStores, workers: number) => {
  const store = await stores.open();
  let training = 0;
  const started = performance.now();
  const executor = localExecutor({ store, workers, handlers: module });
  try {
    const { ran } = await runStudy({
      ...{ plan, store, executor },
      onEvent: (event) => {
        if (event.type === 'finished') training += event.record.seconds;
      },
    });
    if (ran !== plan.tasks.length) throw new Error(`${ran} of ${plan.tasks.length} trainings ran`);
  } finally {
    await executor.close();
  }
  return { wall: seconds(started), training: training / plan.tasks.length };
};

export const speedUp: StudyCase = {
  name,
  about: '16 small trainings (simple-cnn, 400 pictures, 12 epochs) with 1 and with 2 workers',
  run: async (bench) => {
    const cores = availableParallelism();
    if (cores < 2) {
      const remark = `skipped: two workers need two cores, this machine has ${cores}`;
      bench.note(`  ${remark}`);
      return [{ name, what: '1 worker to 2', unit: 'times', values: [], remark }];
    }
    await using stores = new TemporaryStores();
    const plan = await trainings(bench.quick);
    const [one, two]: [number[], number[]] = [[], []];
    const each: [number[], number[]] = [[], []];
    for (let round = 0; round < roundsOf(bench, 3); round += 1)
      for (const [workers, walls, alone] of [
        [1, one, each[0]],
        [2, two, each[1]],
      ] as const) {
        const { wall, training } = await run(plan, stores, workers);
        walls.push(wall);
        alone.push(training);
        bench.note(`  ${workers} worker${workers > 1 ? 's' : ''}: ${wall.toFixed(1)} s`);
      }
    const ratios = one.map((wall, round) => wall / (two[round] as number));
    const figure = (what: string, values: number[]): Figure => ({ name, what, unit: 's', values });
    return [
      { name, what: '1 worker to 2', unit: 'times', values: ratios, bar: { least: 1.8 } },
      figure('all, 1 worker', one),
      figure('all, 2 workers', two),
      figure('one training, 1 worker', each[0]),
      figure('one training, 2 workers', each[1]),
    ];
  },
};
