/** A stealing attack of a cell as tasks: what is asked, the copies that each budget buys, and how well they answer. */

import type { ConfiguredStealing, StealingAttack } from '../../attacks/stealing/stealing-attack.ts';
import { roleSizes } from '../../data/split.ts';
import { BASELINE } from '../../evaluate/stealing/evidence.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type PlannedCopies, planBaselines, planDataFreeCopies, planPooledCopies } from './plan-copies.ts';
import { type Exposed, type ModelPlan, planQuery } from './plan-models.ts';
import type { Planned } from './planned.ts';
import { defaultBudgets, poolOf } from './query-pools.ts';

export interface PlannedStealing extends Planned {
  readonly family: 'stealing';
  readonly configured: ConfiguredStealing;
  readonly budgets: readonly number[];
  /** What is made of each budget. */
  readonly copies: readonly TaskRef[];
  readonly copy: {
    readonly architecture: string;
    readonly pool: string;
    readonly poolRecords: number | null;
  };
}

export const planStealing = (
  plan: ModelPlan,
  { weights, asked: target }: Exposed,
  { name, title, source, configure }: StealingAttack,
  given: unknown,
  label: string,
): PlannedStealing => {
  const { builder, home, seed } = plan;
  const asked = configure(given);
  const budgets = asked.budgets ?? defaultBudgets(plan, asked);
  // Said, so that it is one question whether the configuration says it or the data does.
  const configured = configure({ ...(given as object), budgets });
  const architecture = configured.architecture === 'target' ? plan.architecture : configured.architecture;
  const copies: PlannedCopies =
    configured.method.kind === 'pool'
      ? planPooledCopies(plan, target, configured.method, { configured, budgets, architecture, label })
      : planDataFreeCopies(plan, target, configured.method, { configured, budgets, architecture, label });
  const baselines = planBaselines(plan, target, { configured, budgets, architecture, label });
  const answersOf = (task: TaskRef, what: string) =>
    planQuery(plan, home, what, { task, architecture }, 'candidates');
  const targetAnswers = planQuery(
    plan,
    home,
    'target',
    { task: weights, architecture: plan.architecture },
    'candidates',
  );
  const evaluation = builder.add({
    kind: 'evaluate-stealing',
    label: `evaluate ${label}${plan.name}`,
    effort: {
      like: `evaluate stealing from ${home.data.id}`,
      units: roleSizes(home.data.size, home.split)['target-test'] * (budgets.length + baselines.length),
    },
    seed,
    params: {
      data: dataRef(home.data),
      split: home.split,
      points: budgets.length,
      baselines: baselines.map(({ baseline }) => BASELINE[baseline]),
    },
    inputs: [
      targetAnswers,
      ...copies.counted,
      ...copies.trained.map((task, i) => answersOf(task, `copy by ${label}, ${budgets[i]} queries`)),
      ...baselines.map(({ task, baseline }) => answersOf(task, `baseline of ${label}, ${baseline}`)),
    ],
  });
  const { method } = configured;
  return {
    family: 'stealing',
    ...{ name, title, source, configured, budgets, evaluation },
    attack: copies.trained.at(-1) as TaskRef,
    copies: copies.trained,
    copy: {
      architecture,
      ...(method.kind === 'pool' ? poolOf(plan, method.pool) : { pool: 'generator', poolRecords: null }),
    },
  };
};
