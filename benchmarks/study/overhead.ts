/** What a task costs beyond its work: scheduling, messages, reading inputs, committing. */
import { planEnvironment } from '../../packages/ml-doctor/src/study/environment.ts';
import type { Executor } from '../../packages/ml-doctor/src/study/executors/executor.ts';
import { inlineExecutor } from '../../packages/ml-doctor/src/study/executors/inline.ts';
import { localExecutor } from '../../packages/ml-doctor/src/study/executors/local.ts';
import { type Plan, PlanBuilder } from '../../packages/ml-doctor/src/study/plan.ts';
import { runStudy } from '../../packages/ml-doctor/src/study/scheduler.ts';
import type { FolderStore } from '../../packages/ml-doctor/src/study/store/folder-store.ts';
import { type Bench, type Figure, roundsOf, type StudyCase } from './case.ts';
import { TemporaryStores } from './temporary-store.ts';
import { handlers } from './trivial-handlers.ts';

const name = 'overhead';
const module = new URL('./trivial-handlers.ts', import.meta.url);
const environment = planEnvironment(handlers);

/** So many tasks that no other round has: each needs nothing, or the one before it. */
const trivialPlan = (kind: string, count: number, round: number): Plan => {
  const builder = new PlanBuilder(environment);
  for (let i = 0, last: { key: string } | undefined; i < count; i += 1) {
    const value = round * count + i;
    const inputs = kind === 'relay' && last ? [last] : [];
    last = builder.add({ kind, label: `${kind} ${value}`, seed: 0, params: { value }, inputs });
  }
  return builder.build();
};

/** Milliseconds a task, less what its handler took. */
const run = async (plan: Plan, store: FolderStore, executor: Executor): Promise<number> => {
  let working = 0;
  const { ran, seconds } = await runStudy({
    ...{ plan, store, executor, targets: plan.tasks },
    onEvent: (event) => {
      if (event.type === 'finished') working += event.record.seconds;
    },
  });
  if (ran !== plan.tasks.length) throw new Error(`${ran} of ${plan.tasks.length} tasks ran`);
  return ((seconds - working) * 1000) / ran;
};

interface Side {
  readonly figure: Omit<Figure, 'values'>;
  readonly kind: string;
  readonly executor: Executor;
  readonly store: FolderStore;
  readonly values: number[];
}

const measure = async (bench: Bench): Promise<Figure[]> => {
  await using stores = new TemporaryStores();
  const count = bench.quick ? 20 : 300;
  const sides: Side[] = [];
  const add = async (kind: string, what: string, where: 'local' | 'inline') => {
    const store = await stores.open();
    const executor =
      where === 'local'
        ? localExecutor({ store, workers: 1, handlers: module })
        : inlineExecutor({ store, handlers });
    const bar = where === 'local' ? { bar: { most: 5 } } : {};
    sides.push({ figure: { name, what, unit: 'ms', ...bar }, kind, executor, store, values: [] });
  };
  try {
    await add('bare', 'a task that needs and leaves nothing', 'local');
    await add('bare', '  the same without a worker process', 'inline');
    await add('relay', 'a task with one input and one blob', 'local');
    await add('relay', '  the same without a worker process', 'inline');
    for (const { kind, store, executor } of sides) await run(trivialPlan(kind, 20, -1), store, executor);
    for (let round = 0; round < roundsOf(bench, 7); round += 1)
      for (const { kind, store, executor, values } of sides)
        values.push(await run(trivialPlan(kind, count, round), store, executor));
  } finally {
    for (const { executor } of sides) await executor.close();
  }
  return sides.map(({ figure, values }) => ({ ...figure, values }));
};

export const overhead: StudyCase = {
  name,
  about: 'milliseconds a task beyond its work; one worker process that has started, 300 tasks',
  run: measure,
};
