/** What a plan would run, in numbers: tasks by kind, models, queries, time. */

import { attributeAttackOf } from '../../attacks/attribute/registry.ts';
import { inversionAttackOf } from '../../attacks/inversion/registry.ts';
import type { ConfigSource } from '../../config/config.ts';
import type { Dataset } from '../../data/dataset.ts';
import { sensitiveOf } from '../../data/sensitive.ts';
import { calibrate } from '../../study/estimate/calibrate.ts';
import { estimateRun } from '../../study/estimate/estimate.ts';
import {
  askedOf,
  attributeRecords,
  knownFrom,
  questionsOf,
} from '../../study/kinds/attribute/attribute-records.ts';
import type { InferParams } from '../../study/kinds/attribute/infer.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import type { InvertParams } from '../../study/kinds/inversion/invert.ts';
import type { EvaluateStealingParams } from '../../study/kinds/stealing/evaluate-stealing.ts';
import { findMissing } from '../../study/missing-tasks.ts';
import { openStoreReadOnly } from '../../study/store/open-existing.ts';
import type { Places, Task } from '../../study/task.ts';
import type { Cell } from '../cell.ts';
import type { Warning } from '../check/warn-cells.ts';
import { type PreparedRun, prepareRun } from '../prepare-run.ts';
import type { Datasets } from './plan-cells.ts';
import { standInsFor } from './stand-ins.ts';

export interface PlanSummary {
  readonly audits: number;
  /** What should not be run as it is. */
  readonly warnings: readonly Warning[];
  /** By kind. What is neither stored nor to run is not needed any more. */
  readonly tasks: Readonly<
    Record<string, { readonly total: number; readonly stored: number; readonly toRun: number }>
  >;
  /** Still to train. */
  readonly models: {
    /** Their teachers among them. */
    readonly targets: number;
    readonly shadows: number;
    /** Of the attackers' reconstructions. */
    readonly judges: number;
    readonly generators: number;
    /** Stolen ones, one for each budget, and those that they are held against. */
    readonly copies: number;
  };
  /**
   * Records that the attackers send to the targets; attacks on one target share its answers. What an attack asks while
   * it runs (label-only searches, made-up records) is not known before; of inversions and attribute inference the most
   * is counted.
   */
  readonly queries: { readonly total: number; readonly toRun: number };
  readonly workers: number;
  /** Absent when nothing is to run. */
  readonly estimate?: {
    readonly seconds: number;
    /** Tasks that it leaves out, as nothing tells how long they take. */
    readonly unknown: number;
    /** Kinds of work whose pace earlier runs tell, and that were measured now. */
    readonly recorded: number;
    readonly measured: number;
  };
}

/** Reads the store, which need not exist, and writes nothing. Throws the errors of {@link prepareRun}. */
export const summarisePlan = async (
  cells: readonly Cell[],
  source: ConfigSource,
  options: {
    readonly store: string;
    readonly workers: number;
    readonly places: Places;
    readonly signal: AbortSignal;
  },
): Promise<PlanSummary> => {
  const { places, signal, workers } = options;
  const prepared = await prepareRun(cells, source, places);
  const { plan, datasets } = prepared;
  const store = await openStoreReadOnly(options.store);
  const { missing, unneeded } = await findMissing(plan, store, prepared.targets);
  const toRun = new Set(missing);
  const absent = new Set([...missing, ...unneeded]);
  const ownTrainings = new Set(
    prepared.cells.flatMap(({ target }) => target.trainings.map(({ key }) => key)),
  );
  const targets = targetsAsked(prepared);
  const trainings = missing.filter(({ kind }) => kind === 'train' || kind === 'train-defended');
  // Views and shadow data that a target is asked about count as well.
  // What the judge of reconstructions compares with is asked by nobody who attacks.
  const read = new Set(plan.tasks.flatMap(({ kind, inputs }) => (ATTACKS.has(kind) ? inputs : [])));
  const asked = plan.tasks.filter(
    ({ key, kind, inputs }) => kind === 'query' && read.has(key) && targets.has(inputs[0] ?? ''),
  );
  const judged = new Set(plan.tasks.flatMap(({ kind, inputs }) => (kind === 'judge' ? inputs : [])));
  const models = trainings.filter(({ key }) => ownTrainings.has(key)).length;
  const judges = trainings.filter(({ key }) => judged.has(key)).length;
  return {
    audits: cells.length,
    warnings: prepared.warnings,
    tasks: countByKind(plan.tasks, toRun, absent),
    models: {
      targets: models,
      shadows: trainings.length - models - judges,
      judges,
      generators: missing.filter(({ kind }) => kind === 'train-generator').length,
      copies: missing.filter(({ kind }) => kind === 'steal' || kind === 'steal-without-data').length,
    },
    queries: {
      total:
        records(asked) +
        searches(plan.tasks, targets) +
        substitutions(plan.tasks, datasets) +
        budgeted(plan.tasks, plan.tasks),
      toRun:
        records(asked.filter((task) => toRun.has(task))) +
        searches(missing, targets) +
        substitutions(missing, datasets) +
        budgeted(missing, plan.tasks),
    },
    workers,
    ...(missing.length > 0 && { estimate: await estimate() }),
  };

  async function estimate() {
    const standIn = standInsFor(plan, datasets);
    const { timings, recorded, measured } = await calibrate({
      ...{ tasks: missing, store, handlers, standIn, places, signal },
    });
    const { seconds, unknown } = estimateRun(missing, timings, workers);
    return { seconds, unknown, recorded, measured };
  }
};

/** The models that attackers ask, each as it is and behind its defence of answers. */
const targetsAsked = ({ cells, plan }: PreparedRun): ReadonlySet<string> => {
  const weights = new Set(cells.map(({ target }) => target.train.key));
  const defended = plan.tasks.filter(
    ({ kind, inputs }) => kind === 'defend-output' && weights.has(inputs[0] ?? ''),
  );
  return new Set([...weights, ...defended.map(({ key }) => key)]);
};

/** Kinds of tasks that read the target's answers as attackers. */
const ATTACKS: ReadonlySet<string> = new Set(['attack', 'infer']);

/** What attribute attacks may ask at most: records with other values of the attribute. */
const substitutions = (tasks: readonly Task[], datasets: Datasets): number =>
  tasks
    .filter(({ kind }) => kind === 'infer')
    .reduce((sum, { params }) => {
      const { attack, params: given, attribute, data: ref, split } = params as InferParams;
      const data = datasets.get(ref.id) as Dataset;
      const configured = attributeAttackOf(attack).configure(given);
      const { auxiliary } = configured.needs;
      const roles = attributeRecords(data.size, split, knownFrom(auxiliary));
      const each = configured.queries({
        attribute: sensitiveOf(data, attribute),
        recordShape: data.recordShape,
      });
      const known =
        auxiliary === 'none' ? 0 : questionsOf(roles).reduce((all, one) => all + one.known.length, 0);
      return sum + each.asked * askedOf(roles).length + each.known * known;
    }, 0);

/** What inversion attacks may ask at most; a stolen copy is no target. */
const searches = (tasks: readonly Task[], targets: ReadonlySet<string>): number =>
  tasks
    .filter(({ kind, inputs }) => kind === 'invert' && targets.has(inputs[0] ?? ''))
    .reduce((sum, { params, effort }) => {
      const { attack, params: given } = params as InvertParams;
      return sum + (effort?.units ?? 0) * inversionAttackOf(attack).configure(given).queries;
    }, 0);

/** What copies are bought with: each task sends what its budget has more than the one before. Baselines are nobody's attack. */
const budgeted = (tasks: readonly Task[], all: readonly Task[]): number => {
  const bought = new Set(
    all
      .filter(({ kind }) => kind === 'evaluate-stealing')
      .flatMap(({ inputs, params }) => inputs.slice(1, 1 + (params as EvaluateStealingParams).points)),
  );
  return tasks
    .filter(({ key }) => bought.has(key))
    .reduce((sum, { effort }) => sum + (effort?.units ?? 0), 0);
};

const records = (queries: readonly Task[]): number =>
  queries.reduce((sum, { effort }) => sum + (effort?.units ?? 0), 0);

const countByKind = (tasks: readonly Task[], toRun: ReadonlySet<Task>, absent: ReadonlySet<Task>) => {
  const counts: Record<string, { total: number; stored: number; toRun: number }> = {};
  for (const task of tasks) {
    counts[task.kind] ??= { total: 0, stored: 0, toRun: 0 };
    const count = counts[task.kind] as { total: number; stored: number; toRun: number };
    count.total += 1;
    if (!absent.has(task)) count.stored += 1;
    if (toRun.has(task)) count.toRun += 1;
  }
  return counts;
};
