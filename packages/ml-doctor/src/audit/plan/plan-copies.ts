/** The copies of a target as tasks: one training for each budget of queries, and what they are held against. */

import type { ConfiguredStealing, Method, StudentRecipe } from '../../attacks/stealing/stealing-attack.ts';
import type { Dataset } from '../../data/dataset.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import type { PoolRef } from '../../study/kinds/stealing/pool-ref.ts';
import type { StealParams } from '../../study/kinds/stealing/steal.ts';
import type { StealWithoutDataParams } from '../../study/kinds/stealing/steal-without-data.ts';
import type { TransferSetParams } from '../../study/kinds/stealing/transfer-set.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type ModelPlan, seedAfter } from './plan-models.ts';

type Pooled = Extract<Method, { readonly kind: 'pool' }>;
type DataFree = Extract<Method, { readonly kind: 'data-free' }>;

export interface CopySetting {
  readonly configured: ConfiguredStealing;
  readonly budgets: readonly number[];
  /** Of the copies. */
  readonly architecture: string;
  readonly label: string;
}

export interface PlannedCopies {
  /** Of each budget the copy. */
  readonly trained: readonly TaskRef[];
  /** Of each budget the task that says how many queries were sent. */
  readonly counted: readonly TaskRef[];
}

/** Far from the seeds of targets, references and judges: a copy must not start from the weights of what it copies. */
const COPY_SEEDS = 2 ** 41;

export const copySeed = (seed: number): number => seedAfter(seed, COPY_SEEDS);

/** How many times as many inputs as are asked about are made up where the copy chooses among them. */
const TO_CHOOSE_FROM = 10;

const poolRef = (
  { datasets }: ModelPlan,
  { pool, selection }: Pick<Pooled, 'pool' | 'selection'>,
  most: number,
): PoolRef => {
  switch (pool.kind) {
    case 'shadow':
    case 'partial':
      return { kind: pool.kind };
    case 'other':
      return { kind: 'other', data: dataRef(datasets.get(pool.data) as Dataset), resize: pool.resize };
    case 'uniform':
      return { kind: 'uniform', size: selection === 'random' ? most : TO_CHOOSE_FROM * most };
  }
};

/**
 * Each set holds the one before, so that no answer is paid twice. A selection that reads a copy makes a chain of asking
 * and training; a random one does not wait for trainings.
 */
export const planPooledCopies = (
  plan: ModelPlan,
  target: TaskRef,
  method: Pooled,
  { configured, budgets, architecture, label }: CopySetting,
): PlannedCopies => {
  const pool = poolRef(plan, method, budgets.at(-1) as number);
  const counted: TaskRef[] = [];
  const trained: TaskRef[] = [];
  for (const [i, budget] of budgets.entries()) {
    const [before, copy] = [counted.at(-1), trained.at(-1)];
    const reads = method.selection !== 'random';
    counted.push(
      planTransferSet(plan, `ask for ${label}, ${budget} queries`, budget - (budgets[i - 1] ?? 0), {
        ...{ pool, selection: method.selection, reply: configured.reply, budget },
        inputs: [target, ...(before ? [before] : []), ...(reads && copy ? [copy] : [])],
      }),
    );
    trained.push(
      planCopy(plan, `copy for ${label}, ${budget} queries`, counted.at(-1) as TaskRef, {
        ...{ pool, architecture, recipe: method.student, size: budget },
      }),
    );
  }
  return { counted, trained };
};

export const planDataFreeCopies = (
  plan: ModelPlan,
  target: TaskRef,
  { recipe }: DataFree,
  { configured, budgets, architecture, label }: CopySetting,
): PlannedCopies => {
  const { builder, home, seed, name } = plan;
  const total = budgets.at(-1) as number;
  const tasks: TaskRef[] = [];
  for (const [i, budget] of budgets.entries()) {
    const before = tasks.at(-1);
    const from = budgets[i - 1] ?? 0;
    const { reply } = configured;
    const params: StealWithoutDataParams = {
      data: dataRef(home.data),
      ...{ reply, architecture, recipe, from, budget, total },
    };
    tasks.push(
      builder.add({
        kind: 'steal-without-data',
        label: `copy for ${label}, ${budget} queries${name}`,
        effort: {
          like: `steal ${plan.architecture} by ${architecture} on ${home.data.id} ${canonicalJson(recipe as Json)}`,
          units: budget - from,
        },
        seed: copySeed(seed),
        params: params as Json,
        inputs: [target, ...(before ? [before] : [])],
      }),
    );
  }
  return { trained: tasks, counted: tasks };
};

/**
 * What an attacker reaches without asking: by the records' own labels, where he has records of the target's kind. One who
 * makes up his inputs is held against inputs that nothing is learnt of.
 */
export const planBaselines = (
  plan: ModelPlan,
  target: TaskRef,
  { configured, budgets, architecture, label }: CopySetting,
): readonly { readonly baseline: 'ownLabels' | 'randomInputs'; readonly task: TaskRef }[] => {
  const { method, reply } = configured;
  const most = budgets.at(-1) as number;
  if (method.kind === 'data-free') {
    const pool: PoolRef = { kind: 'uniform', size: most };
    const set = planTransferSet(plan, `ask about random inputs, ${most} queries`, most, {
      ...{ pool, selection: 'random', reply, budget: most },
      inputs: [target],
    });
    const recipe = asManySteps(method, most);
    const copy = planCopy(plan, `copy on random inputs for ${label}`, set, {
      ...{ pool, architecture, recipe, size: most },
    });
    return [{ baseline: 'randomInputs', task: copy }];
  }
  if (method.pool.kind === 'other' || method.pool.kind === 'uniform') return [];
  const pool: PoolRef = { kind: method.pool.kind };
  const set = planTransferSet(plan, `take ${most} labelled records`, most, {
    ...{ pool, selection: 'random', reply: 'own-labels', budget: most },
    inputs: [],
  });
  const copy = planCopy(plan, `learn ${most} records without the target`, set, {
    ...{ pool, architecture, recipe: { ...method.student, loss: 'kl' }, size: most },
  });
  return [{ baseline: 'ownLabels', task: copy }];
};

/** A copy that learns from random inputs, in as many steps as the copy that has a generator. */
const asManySteps = ({ recipe }: DataFree, queries: number): StudentRecipe => {
  const { batchSize, directions, studentSteps, replays } = recipe;
  const rounds = queries / (batchSize * (1 + directions + studentSteps));
  const steps = rounds * (studentSteps + replays);
  return {
    loss: 'kl',
    epochs: Math.max(1, Math.round((steps * batchSize) / queries)),
    batchSize,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
  };
};

const planTransferSet = (
  { builder, home, seed, name, architecture }: ModelPlan,
  label: string,
  units: number,
  { inputs, ...params }: Omit<TransferSetParams, 'data' | 'split'> & { readonly inputs: readonly TaskRef[] },
): TaskRef =>
  builder.add({
    kind: 'transfer-set',
    label: `${label}${name}`,
    effort: {
      like:
        params.reply === 'own-labels'
          ? `take labelled records of ${home.data.id}`
          : `ask ${architecture} about ${params.pool.kind} inputs of ${home.data.id}, ${params.selection}`,
      units,
    },
    seed,
    params: { data: dataRef(home.data), split: home.split, ...params } as Json,
    inputs,
  });

const planCopy = (
  { builder, home, seed, name }: ModelPlan,
  label: string,
  set: TaskRef,
  {
    pool,
    architecture,
    recipe,
    size,
  }: {
    readonly pool: PoolRef;
    readonly architecture: string;
    readonly recipe: StudentRecipe;
    readonly size: number;
  },
): TaskRef => {
  const params: StealParams = {
    ...{ data: dataRef(home.data), split: home.split, pool, poolSeed: seed, architecture, recipe },
  };
  return builder.add({
    kind: 'steal',
    label: `${label}${name}`,
    effort: {
      like: `copy into ${architecture} on ${home.data.id}, batches of ${recipe.batchSize}`,
      units: size * recipe.epochs,
    },
    seed: copySeed(seed),
    params: params as Json,
    inputs: [set],
  });
};
