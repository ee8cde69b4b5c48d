/** Studies of any size, from the text of their configuration to the plan. */
import { expandGrid } from '../../packages/ml-doctor/src/audit/expand-grid.ts';
import { planCells } from '../../packages/ml-doctor/src/audit/plan/plan-cells.ts';
import { targetsOf } from '../../packages/ml-doctor/src/audit/prepare-run.ts';
import type { StudyConfig } from '../../packages/ml-doctor/src/config/config.ts';
import { parseConfig } from '../../packages/ml-doctor/src/config/load-config.ts';
import { loadDataset } from '../../packages/ml-doctor/src/data/load-dataset.ts';
import { planEnvironment } from '../../packages/ml-doctor/src/study/environment.ts';
import { handlers } from '../../packages/ml-doctor/src/study/kinds/handlers.ts';
import type { Plan, TaskRef } from '../../packages/ml-doctor/src/study/plan.ts';

export const seconds = (since: number): number => (performance.now() - since) / 1000;

/** A grid of so many targets under both attacks. */
export const studyText = (targets: number, firstSeed = 0): string => `name: benchmark
data: [fashion-mnist-10k]
models: [simple-cnn]
attacks: [membership/loss-threshold, membership/shadow-classifier]
seeds: [${Array.from({ length: targets }, (_, i) => firstSeed + i).join(', ')}]
`;

export const studyOf = (text: string): StudyConfig => {
  const loaded = parseConfig(text, 'benchmark.yaml');
  if (loaded.kind !== 'study') throw new Error('internal: the text is no study');
  return loaded.config;
};

export interface TimedPlan {
  readonly plan: Plan;
  readonly targets: readonly TaskRef[];
  /** From text to configuration. */
  readonly readingSeconds: number;
  /** From configuration to plan. */
  readonly planningSeconds: number;
}

/** Plans so many targets in an environment that is known already, with data that is loaded already. */
export const planTargets = async (count: number): Promise<TimedPlan> => {
  const text = studyText(count);
  const data = await loadDataset('fashion-mnist-10k');
  const environment = planEnvironment(handlers);
  const reading = performance.now();
  const study = studyOf(text);
  const readingSeconds = seconds(reading);
  const planning = performance.now();
  const { plan, cells } = planCells(expandGrid(study), new Map([[data.id, data]]), environment);
  const planningSeconds = seconds(planning);
  return { plan, targets: cells.flatMap(targetsOf), readingSeconds, planningSeconds };
};
