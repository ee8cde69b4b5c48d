/** The models of one cell and their answers, as tasks: the target, and whatever its attackers train. */

import type { Pool, Synthesis } from '../../attacks/membership/membership-attack.ts';
import type { Dataset } from '../../data/dataset.ts';
import { roleSize } from '../../data/split.ts';
import { IDENTITY, viewKey } from '../../data/view-key.ts';
import type { View } from '../../data/views.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import { architecture } from '../../models/architectures.ts';
import { judgeFor } from '../../models/judge.ts';
import type { TrainingRecipe } from '../../models/recipe.ts';
import { canonicalJson } from '../../study/canonical-json.ts';
import { type DataRef, dataRef, type SplitRef } from '../../study/kinds/data-ref.ts';
import { JUDGE_TRAINING, type NamedSet, referenceTraining } from '../../study/kinds/record-sets.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { PlanBuilder, TaskRef } from '../../study/plan.ts';
import type { Effort } from '../../study/task.ts';
import type { Datasets } from './plan-cells.ts';

/** Where the records of a task are: a data set, its split, and the task that made it where it is synthetic. */
export interface Home {
  readonly data: Dataset;
  readonly split: SplitRef;
  readonly made?: TaskRef;
}

/** What the models of a cell have in common. */
export interface ModelPlan {
  readonly builder: PlanBuilder;
  readonly datasets: Datasets;
  readonly home: Home;
  readonly architecture: string;
  /** Under the cell's defence, which shadow models are trained with too. */
  readonly recipe: TrainingRecipe;
  readonly seed: number;
  /** Attributes that evaluations are sliced by. */
  readonly slices: readonly string[];
  /** What the labels of a cell end in. */
  readonly name: string;
  /** What is attacked, in labels: `target` when left out. */
  readonly subject?: string;
}

const refs = ({ data, split }: Home): { data: DataRef; split: SplitRef } => ({ data: dataRef(data), split });

export const planTarget = (plan: ModelPlan): TaskRef =>
  planTraining(plan, plan.home, 'target', plan.architecture, { role: 'target-train' }, plan.seed);

/** A model trained on some records of a home. */
const planTraining = (
  { builder, recipe, name }: ModelPlan,
  home: Home,
  label: string,
  model: string,
  on: TrainParams['on'],
  seed: number,
): TaskRef => {
  // Half of four roles, or half of two, or one.
  const records = roleSize(home.data.size, home.split) * ('of' in on && on.of === 'roles' ? 2 : 1);
  return builder.add({
    kind: 'train',
    label: `train ${label}${name}`,
    effort: trainEffort(model, home.data.id, recipe, records),
    seed,
    params: {
      ...refs(home),
      on,
      architecture: model,
      ...(architecture(model).trains === 'gradient' && { recipe }),
    },
    ...(home.made && { inputs: [home.made] }),
  });
};

/** The judge of reconstructions, and what it makes of the records: without the target's defence, as it defends nothing. */
export const planJudge = (plan: ModelPlan): { readonly train: TaskRef; readonly judged: TaskRef } => {
  const { builder, home, seed, name } = plan;
  const { architecture, recipe } = judgeFor(home.data.recordShape);
  const own = seedAfter(seed, JUDGE_SEEDS);
  const train = planTraining({ ...plan, recipe }, home, 'judge', architecture, JUDGE_TRAINING, own);
  const judged = builder.add({
    kind: 'judge',
    label: `judge the records${name}`,
    effort: {
      like: `judge ${architecture} on ${home.data.id}`,
      units: 4 * roleSize(home.data.size, home.split),
    },
    seed,
    params: refs(home),
    inputs: [train],
  });
  return { train, judged };
};

/** A generator trained on the attacker's data: the same for every target, unless the target guides it. */
export const planGenerator = (
  { builder, home, seed, name }: ModelPlan,
  recipe: GeneratorRecipe,
  target: TaskRef,
): TaskRef => {
  const { epochs, guided, ...rest } = recipe;
  const population = 2 * roleSize(home.data.size, home.split);
  const learnt = guided ? home.data.classes.length * Math.min(guided.top, population) : population;
  return builder.add({
    kind: 'train-generator',
    label: `train ${guided ? 'guided ' : ''}generator${name}`,
    effort: {
      like: `train ${guided ? 'guided ' : ''}generator ${canonicalJson(rest)} on ${home.data.id}`,
      units: learnt * epochs,
    },
    seed,
    params: { ...refs(home), recipe },
    inputs: guided ? [target] : [],
  });
};

/** The answers of a model on a set of records of a home. */
export const planQuery = (
  { builder, seed, name }: ModelPlan,
  home: Home,
  label: string,
  model: { readonly task: TaskRef; readonly architecture: string },
  set: NamedSet,
  view: View = IDENTITY,
): TaskRef => {
  const plain = viewKey(view) === viewKey(IDENTITY);
  return builder.add({
    kind: 'query',
    label: `query ${label}${plain ? '' : ` (${viewKey(view)})`}${name}`,
    effort: {
      like: `query ${model.architecture} on ${home.data.id}`,
      units: 2 * roleSize(home.data.size, home.split),
    },
    seed,
    params: { ...refs(home), set, ...(!plain && { view: { ...view } }) },
    inputs: [model.task, ...(home.made && set === 'all' ? [home.made] : [])],
  });
};

/** Where the records of a pool are; made-up records are made by a task. */
export const planPool = (plan: ModelPlan, pool: Pool, target: TaskRef): Home => {
  const { home, datasets, builder, seed, name } = plan;
  switch (pool.kind) {
    case 'disjoint':
    case 'with-candidates':
      return home;
    case 'other':
      return otherHome(home, datasets.get(pool.data), pool.data);
    case 'synthetic':
      return {
        ...home,
        made: builder.add({
          kind: 'synthesise',
          label: `make up records, ${pool.synthesis.method}${name}`,
          effort: {
            like: `synthesise ${pool.synthesis.method} for ${plan.architecture} on ${home.data.id}`,
            units: 2 * roleSize(home.data.size, home.split),
          },
          seed,
          params: { ...refs(home), synthesis: pool.synthesis satisfies Synthesis },
          // What asks the target nothing is the same for every target.
          inputs: pool.synthesis.method === 'noisy' ? [] : [target],
        }),
      };
  }
};

/** As many records a role as the target has, or as the other data set can give. */
const otherHome = ({ data, split }: Home, other: Dataset | undefined, id: string): Home => {
  if (!other) throw new Error(`internal: data set ${id} is not loaded`);
  const perRole = Math.min(roleSize(data.size, split), roleSize(other.size, {}));
  return { data: other, split: { seed: split.seed, perRole } };
};

/** Model `index` of a pool. */
export const planReference = (
  plan: ModelPlan,
  pool: Pool,
  home: Home,
  index: number,
  model: string,
): { readonly task: TaskRef; readonly label: string; readonly architecture: string } => {
  const of = {
    disjoint: 'shadow',
    'with-candidates': 'reference',
    other: 'transfer',
    synthetic: 'synthetic',
  };
  const kind = model === plan.architecture ? '' : `, ${model}`;
  const label = `${of[pool.kind]} model ${index + 1}${kind}`;
  const on = referenceTraining(pool, index);
  const task = planTraining(plan, home, label, model, on, seedAfter(plan.seed, index + 1));
  return { task, label, architecture: model };
};

/** Far from the seeds of targets and references: a judge must not start from the weights of what it judges. */
const JUDGE_SEEDS = 2 ** 40;

/** Weights of its own for every model: the seeds after the target's, 0 following the largest. */
export const seedAfter = (seed: number, steps: number): number =>
  steps <= Number.MAX_SAFE_INTEGER - seed ? seed + steps : steps - (Number.MAX_SAFE_INTEGER - seed) - 1;

const trainEffort = (model: string, data: string, recipe: TrainingRecipe, records: number): Effort =>
  architecture(model).trains === 'gradient'
    ? { like: `train ${model} on ${data}, batches of ${recipe.batchSize}`, units: records * recipe.epochs }
    : { like: `train ${model} on ${data}`, units: records };
