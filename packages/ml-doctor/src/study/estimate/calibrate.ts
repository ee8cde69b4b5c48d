/** Timings for every kind of work in a plan: as recorded on this machine, otherwise measured for a few seconds. */

import { hostname } from 'node:os';
import type { FolderStore } from '../store/folder-store.ts';
import { handlerOf, type Places, type Task, type TaskHandlers } from '../task.ts';
import { measureTask, type StandIn } from './measure.ts';
import { recordedTimings, type Timing, type Timings } from './timings.ts';

/** All measuring together, at most. */
const BUDGET_SECONDS = 5;
/** One kind of work: more would tell little more. */
const MOST_SECONDS = 1.5;

export interface Calibration {
  readonly timings: Timings;
  /** Kinds of work by how their pace is known. */
  readonly recorded: number;
  readonly measured: number;
  readonly unknown: number;
}

/**
 * @param standIn a small task that stands for the given one, or undefined where there is none.
 *
 * The kinds with most units are measured first, should the time not suffice for all. Rejects only when aborted.
 */
export async function calibrate(options: {
  readonly tasks: readonly Task[];
  readonly store: FolderStore | undefined;
  readonly handlers: TaskHandlers;
  readonly standIn: (task: Task) => Promise<StandIn | undefined>;
  readonly places: Places;
  readonly signal: AbortSignal;
}): Promise<Calibration> {
  const { tasks, store, handlers, standIn, places, signal } = options;
  const kinds = new Map<string, { task: Task; units: number }>();
  for (const task of tasks) {
    if (task.effort === undefined) continue;
    const { like, units } = task.effort;
    const kind = kinds.get(like);
    if (kind === undefined) kinds.set(like, { task, units });
    else kind.units += units;
  }
  const runtime = tasks[0]?.runtime;
  if (runtime === undefined) return { timings: new Map(), recorded: 0, measured: 0, unknown: 0 };
  const recorded =
    store === undefined
      ? new Map()
      : await recordedTimings(store, { ...runtime, host: hostname() }, new Set(kinds.keys()));
  const timings = new Map<string, readonly Timing[]>(recorded);
  const open = [...kinds].filter(([like]) => !timings.has(like)).sort(([, a], [, b]) => b.units - a.units);
  const deadline = performance.now() + BUDGET_SECONDS * 1000;
  let measured = 0;
  for (const [index, [like, { task }]] of open.entries()) {
    const left = (deadline - performance.now()) / 1000;
    if (left <= 0) break;
    const budgetSeconds = Math.min(MOST_SECONDS, (2 * left) / (open.length - index));
    const found = await standIn(task);
    if (found === undefined) continue;
    const seconds = await measureTask(handlerOf(handlers, task.kind), found, {
      runtime,
      places,
      budgetSeconds,
      signal,
    });
    if (seconds === undefined) continue;
    timings.set(like, [{ units: found.units, seconds }]);
    measured += 1;
  }
  return { timings, recorded: recorded.size, measured, unknown: kinds.size - recorded.size - measured };
}
