/** What a plan would run, in numbers: tasks by kind, models, queries, time. */

import type { ConfigSource } from '../../config/config.ts';
import { calibrate } from '../../study/estimate/calibrate.ts';
import { estimateRun } from '../../study/estimate/estimate.ts';
import type { Timing } from '../../study/estimate/timings.ts';
import { workLeft } from '../../study/estimate/work-left.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import { findMissing } from '../../study/missing-tasks.ts';
import { openStoreReadOnly } from '../../study/store/open-existing.ts';
import type { Places, Task } from '../../study/task.ts';
import type { Wanted } from '../cell.ts';
import type { Warning } from '../check/warn-cells.ts';
import { prepareRun } from '../prepare-run.ts';
import { plannedQueries } from './planned-queries.ts';
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
    /** Tasks taken to be as fast as the same work on other data. */
    readonly borrowed: number;
    /** Kinds of work whose pace earlier runs tell, and that were measured now. */
    readonly recorded: number;
    readonly measured: number;
  };
}

/** Reads the store, which need not exist, and writes nothing but decoded pictures. Throws the errors of {@link prepareRun}. */
export const summarisePlan = async (
  cells: readonly Wanted[],
  source: ConfigSource,
  options: {
    readonly store: string;
    readonly workers: number;
    readonly places: Places;
    readonly signal: AbortSignal;
    /** Of trying out what was never run here, 5 when left out. */
    readonly tryOutSeconds?: number;
    /** What was tried out for other plans; what is now is added to it. */
    readonly tried?: Map<string, readonly Timing[]>;
  },
): Promise<PlanSummary> => {
  const { signal, workers, tryOutSeconds, tried } = options;
  const prepared = await prepareRun(cells, source, options.places, { signal });
  const { plan, datasets, places } = prepared;
  const store = await openStoreReadOnly(options.store);
  const { missing, unneeded } = await findMissing(plan, store, prepared.targets);
  const toRun = new Set(missing);
  const absent = new Set([...missing, ...unneeded]);
  const ownTrainings = new Set(
    prepared.cells.flatMap(({ target }) => target.trainings.map(({ key }) => key)),
  );
  const trainings = missing.filter(({ kind }) => kind === 'train' || kind === 'train-defended');
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
    queries: plannedQueries(prepared, missing),
    workers,
    ...(missing.length > 0 && { estimate: await estimate() }),
  };

  async function estimate() {
    const standIn = standInsFor(plan, datasets);
    const { timings, recorded, measured } = await calibrate({
      ...{ tasks: missing, store, handlers, standIn, places, signal },
      ...(tryOutSeconds !== undefined && { budgetSeconds: tryOutSeconds }),
      ...(tried && { tried }),
    });
    const left = await workLeft(missing, store);
    const { seconds, unknown, borrowed } = estimateRun(left, timings, workers);
    return { seconds, unknown, borrowed, recorded, measured };
  }
};

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
