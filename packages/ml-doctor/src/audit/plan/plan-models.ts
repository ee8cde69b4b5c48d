/** The models of one cell and their answers, as tasks: the target, and whatever its attackers train. */

import type { Pool, Synthesis } from '../../attacks/membership/membership-attack.ts';
import type { Dataset } from '../../data/dataset.ts';
import { roleSize } from '../../data/split.ts';
import { IDENTITY, viewKey } from '../../data/view-key.ts';
import type { View } from '../../data/views.ts';
import type { ConfiguredDefense } from '../../defenses/defense.ts';
import type { OutputForm } from '../../defenses/output/output-form.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import { architecture } from '../../models/architectures.ts';
import { judgeFor } from '../../models/judge.ts';
import type { TrainingRecipe } from '../../models/recipe.ts';
import { canonicalJson, type Json, sha256 } from '../../study/canonical-json.ts';
import { type DataRef, dataRef, type SplitRef } from '../../study/kinds/data-ref.ts';
import {
  countIn,
  JUDGE_TRAINING,
  type NamedSet,
  referenceTraining,
  trainingCount,
} from '../../study/kinds/record-sets.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import type { PlanBuilder, TaskRef } from '../../study/plan.ts';
import type { Effort } from '../../study/task.ts';
import type { Subject } from '../own/subject.ts';
import type { Datasets } from './plan-cells.ts';

/** Where the records of a task are: a data set, its split, and the task that made it where it is synthetic. */
export interface Home {
  readonly data: Dataset;
  readonly split: SplitRef;
  readonly made?: TaskRef;
}

/** How models are trained, and what their answers show. */
export interface Training {
  /** Under the defence. */
  readonly recipe: TrainingRecipe;
  /** Where more than the recipe is changed. */
  readonly defended?: {
    readonly name: string;
    readonly configured: ConfiguredDefense;
    /** Of the teacher. */
    readonly plain: TrainingRecipe;
  };
  readonly output?: OutputForm;
}

/** A model as somebody meets it. */
export interface Exposed {
  /** Graph and weights. */
  readonly weights: TaskRef;
  /** What may be asked: behind the output defence, if any. */
  readonly asked: TaskRef;
}

/** What the models of a cell have in common. */
export interface ModelPlan {
  readonly builder: PlanBuilder;
  readonly datasets: Datasets;
  readonly home: Home;
  readonly architecture: string;
  /** Of the target. */
  readonly training: Training;
  /** Of the attackers' own models: as the target's, unless they do not know of its defence. */
  readonly shadowTraining: Training;
  /** Without any defence. */
  readonly plainTraining: Training;
  readonly seed: number;
  /** Attributes that evaluations are sliced by. */
  readonly slices: readonly string[];
  /** What the labels of a cell end in. */
  readonly name: string;
  /** What is attacked, in labels: `target` when left out. */
  readonly subject?: string;
  /** Of somebody's own model, which is not trained here. */
  readonly own?: Subject;
}

const refs = ({ data, split }: Home): { data: DataRef; split: SplitRef } => ({ data: dataRef(data), split });

export interface PlannedTarget extends Exposed {
  /** All trainings that the model took. */
  readonly trainings: readonly TaskRef[];
}

export const planTarget = (plan: ModelPlan): PlannedTarget => {
  if (plan.own) return planOwnTarget(plan, plan.own);
  const on = { role: 'target-train' } as const;
  const { weights, teacher } = planTraining(plan, plan.training, plan.home, {
    ...{ label: 'target', model: plan.architecture, on, seed: plan.seed },
  });
  return {
    weights,
    asked: planAsked(plan, plan.training, 'target', weights),
    trainings: teacher ? [teacher, weights] : [weights],
  };
};

/** Nothing is trained: a file is opened, an address or saved answers are named. */
const planOwnTarget = (plan: ModelPlan, own: Subject): PlannedTarget => {
  const { builder, home, seed, name, training } = plan;
  const add = (kind: string, label: string, params: Json) =>
    builder.add({
      kind,
      label: `${label}${name}`,
      effort: { like: label, units: 1 },
      seed,
      params,
      inputs: [],
    });
  const only = (weights: TaskRef, asked = weights): PlannedTarget => ({ weights, asked, trainings: [] });
  switch (own.kind) {
    case 'onnx': {
      const opened = add('open-onnx', 'open the target', { model: own.digest });
      return only(opened, planAsked(plan, training, 'target', opened));
    }
    case 'outputs':
      return only(
        add('saved-outputs', 'read the saved outputs', { data: dataRef(home.data), answers: own.answers }),
      );
    case 'copy':
      throw new Error('internal: a copy is planned with what steals it');
    case 'remote': {
      const { target, identity } = own;
      const params = { target, identity, classes: home.data.classes.length };
      const plain = add('connect', 'connect to the target', params);
      const { output } = training;
      return only(
        plain,
        output ? add('connect', 'connect to the target, defended', { ...params, output } as Json) : plain,
      );
    }
  }
};

interface Trained {
  readonly label: string;
  readonly model: string;
  readonly on: TrainParams['on'];
  readonly seed: number;
}

/** A model trained on some records of a home, and the one that it learns from, if any. A forest is trained as ever. */
const planTraining = (
  { builder, name }: ModelPlan,
  training: Training,
  home: Home,
  { label, model, on, seed }: Trained,
): { readonly weights: TaskRef; readonly teacher?: TaskRef } => {
  const records = home.made
    ? Math.floor(countIn('population', home.data.size, home.split) / 2)
    : trainingCount(on, home.data.size, home.split);
  const { defended } = training;
  const made = home.made ? [home.made] : [];
  const trains = architecture(model).trains === 'gradient';
  const params = { ...refs(home), on, architecture: model };
  /** Milestones are epochs, and batches are drawn by the epoch: that a training ends later shows only where it ends. */
  const courseOf = ({ epochs, ...rest }: TrainingRecipe, more: { readonly [key: string]: Json } = {}) => ({
    course: { params: { ...params, ...more, recipe: rest } as Json, length: epochs },
  });
  const plainly = (what: string, recipe: TrainingRecipe) =>
    builder.add({
      kind: 'train',
      label: `train ${what}${name}`,
      effort: trainEffort(model, home.data.id, recipe, records),
      ...(trains && courseOf(recipe)),
      seed,
      params: { ...params, ...(trains && { recipe }) },
      inputs: made,
    });
  if (!trains || !defended) return { weights: plainly(label, training.recipe) };
  const { configured } = defended;
  const teacher = configured.learner?.teacher && plainly(`teacher of ${label}`, defended.plain);
  const { like, units } = trainEffort(model, home.data.id, training.recipe, records);
  const defense = { name: defended.name, params: configured.params as Json };
  const weights = builder.add({
    kind: 'train-defended',
    label: `train ${label}${name}`,
    effort: { like: `${like}, ${defended.name} ${canonicalJson(configured.params as Json)}`, units },
    ...(configured.learner?.continues && courseOf(training.recipe, { defense })),
    seed,
    params: { ...params, recipe: training.recipe, defense },
    inputs: [...(teacher ? [teacher] : []), ...made],
  });
  return { weights, ...(teacher && { teacher }) };
};

/** What may be asked of a model. */
const planAsked = (
  { builder, seed, name }: ModelPlan,
  { output }: Training,
  label: string,
  weights: TaskRef,
): TaskRef =>
  output === undefined
    ? weights
    : builder.add({
        kind: 'defend-output',
        label: `defend the answers of ${label}${name}`,
        effort: { like: 'defend answers', units: 1 },
        seed,
        params: { output },
        inputs: [weights],
      });

/** The judge of reconstructions, and what it makes of the records: without the target's defence, as it defends nothing. */
export const planJudge = (plan: ModelPlan): { readonly train: TaskRef; readonly judged: TaskRef } => {
  const { builder, home, seed, name } = plan;
  const { architecture, recipe } = judgeFor(home.data.recordShape);
  const { weights: train } = planTraining(plan, { recipe }, home, {
    ...{ label: 'judge', model: architecture, on: JUDGE_TRAINING, seed: seedAfter(seed, JUDGE_SEEDS) },
  });
  const judged = builder.add({
    kind: 'judge',
    label: `judge the records${name}`,
    effort: {
      like: `judge ${architecture} on ${home.data.id}`,
      units: countIn('roles', home.data.size, home.split),
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
  const population = countIn('population', home.data.size, home.split);
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
  { builder, seed, name, own, subject }: ModelPlan,
  home: Home,
  label: string,
  model: { readonly task: TaskRef; readonly architecture: string },
  set: NamedSet,
  view: View = IDENTITY,
): TaskRef => {
  // Saved answers are what a question would bring.
  if (own?.kind === 'outputs' && subject === undefined) return model.task;
  const plain = viewKey(view) === viewKey(IDENTITY);
  return builder.add({
    kind: 'query',
    label: `query ${label}${plain ? '' : ` (${viewKey(view)})`}${name}`,
    effort: {
      like: `query ${model.architecture} on ${home.data.id}`,
      units:
        // As many are made up as the attacker has.
        countIn(set === 'all' ? 'population' : set, home.data.size, home.split),
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
    case 'canaries':
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
            units: countIn('population', home.data.size, home.split),
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

/**
 * Model `index` of a pool, as its owner has it or as he asks it. One with canaries audits how the target is trained: it
 * has the target's defence whatever attackers know of it, and its answers are seen as the weights give them.
 */
export const planReference = (
  plan: ModelPlan,
  pool: Pool,
  home: Home,
  index: number,
  model: string,
): Exposed & { readonly label: string; readonly architecture: string } => {
  const of = {
    disjoint: 'shadow',
    'with-candidates': 'reference',
    other: 'transfer',
    synthetic: 'synthetic',
    canaries: 'canary',
  };
  const kind = model === plan.architecture ? '' : `, ${model}`;
  const label = `${of[pool.kind]} model ${index + 1}${kind}`;
  const on = referenceTraining(pool, index);
  const seed = seedAfter(plan.seed, index + 1);
  if (plan.own?.kind === 'remote' && plan.own.service !== undefined) {
    const trained = planServiceTraining(plan, plan.own.service, on, label);
    return { weights: trained, asked: trained, label, architecture: model };
  }
  const audits = pool.kind === 'canaries';
  const training = audits ? plan.training : plan.shadowTraining;
  const { weights } = planTraining(plan, training, home, { label, model, on, seed });
  const asked = audits ? weights : planAsked(plan, training, label, weights);
  return { weights, asked, label, architecture: model };
};

/** The service trains when it is first asked: nothing is trained here, and nobody knows what. */
const planServiceTraining = (
  { builder, home, seed, name }: ModelPlan,
  service: Json,
  on: TrainParams['on'],
  label: string,
): TaskRef => {
  const identity = { service, ...refs(home), on } as Json;
  return builder.add({
    kind: 'connect',
    label: `connect to ${label}${name}`,
    effort: { like: 'connect to a service', units: 1 },
    seed,
    params: {
      target: `${SERVICE_MODEL}${sha256(canonicalJson(identity))}`,
      identity,
      classes: home.data.classes.length,
    },
    inputs: [],
  });
};

/** Beginning of the names by which the gateway knows models that a service trains. */
export const SERVICE_MODEL = 'service-model:';

/** Far from the seeds of targets and references: a judge must not start from the weights of what it judges. */
const JUDGE_SEEDS = 2 ** 40;

/** Weights of its own for every model: the seeds after the target's, 0 following the largest. */
export const seedAfter = (seed: number, steps: number): number =>
  steps <= Number.MAX_SAFE_INTEGER - seed ? seed + steps : steps - (Number.MAX_SAFE_INTEGER - seed) - 1;

const trainEffort = (model: string, data: string, recipe: TrainingRecipe, records: number): Effort =>
  architecture(model).trains === 'gradient'
    ? { like: `train ${model} on ${data}, batches of ${recipe.batchSize}`, units: records * recipe.epochs }
    : { like: `train ${model} on ${data}`, units: records };
