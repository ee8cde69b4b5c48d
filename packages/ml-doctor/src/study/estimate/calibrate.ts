/** Timings for every kind of work in a plan: as recorded on this machine, otherwise measured for a few seconds. */

import { hostname } from 'node:os';
import type { FolderStore } from '../store/folder-store.ts';
import { handlerOf, type Places, type Task, type TaskHandlers } from '../task.ts';
import { measureTask, type StandIn } from './measure.ts';
import { kinOf, recordedTimings, type Timing, type Timings } from './timings.ts';

/** All measuring together, at most, where nothing else is said. */
const BUDGET_SECONDS = 5;
/** One kind of work, as a share of all but no less than {@link FAIR_SECONDS}: more would tell little more. */
const MOST_SHARE = 0.05;
const FAIR_SECONDS = 1.5;

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
 * The kinds with most units are measured first, should the time not suffice for all; of work that differs in its data
 * only, one, and the others when all have had their turn. Rejects only when aborted.
 *
 * @param budgetSeconds of all measuring together, 5 when left out
 * @param tried what was measured before, for other plans of this process; what is measured now is added to it
 */
export async function calibrate(options: {
  readonly tasks: readonly Task[];
  readonly store: FolderStore | undefined;
  readonly handlers: TaskHandlers;
  readonly standIn: (task: Task) => Promise<StandIn | undefined>;
  readonly places: Places;
  readonly signal: AbortSignal;
  readonly budgetSeconds?: number;
  readonly tried?: Map<string, readonly Timing[]>;
}): Promise<Calibration> {
  const { tasks, store, handlers, standIn, places, signal, tried } = options;
  const { budgetSeconds = BUDGET_SECONDS } = options;
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
  const before = [...(tried ?? [])].filter(([like]) => kinds.has(like) && !timings.has(like));
  for (const [like, list] of before) timings.set(like, list);
  const open = inTurn(
    [...kinds].filter(([like]) => !timings.has(like)).sort(([, a], [, b]) => b.units - a.units),
    new Set([...timings.keys()].map(kinOf)),
  );
  const deadline = performance.now() + budgetSeconds * 1000;
  let measured = before.length;
  for (const [index, [like, { task }]] of open.entries()) {
    const left = (deadline - performance.now()) / 1000;
    if (left <= 0) break;
    const most = Math.max(FAIR_SECONDS, MOST_SHARE * budgetSeconds);
    const share = Math.min(most, (2 * left) / (open.length - index));
    const found = await standIn(task);
    if (found === undefined) continue;
    const seconds = await measureTask(handlerOf(handlers, task.kind), found, {
      runtime,
      places,
      budgetSeconds: share,
      signal,
    });
    if (seconds === undefined) continue;
    const timing = [{ units: found.units, seconds }];
    timings.set(like, timing);
    tried?.set(like, timing);
    measured += 1;
  }
  return { timings, recorded: recorded.size, measured, unknown: kinds.size - recorded.size - measured };
}

/** @param kin kinds of work of which something is known already */
function inTurn<T>(
  open: readonly (readonly [like: string, T])[],
  kin: ReadonlySet<string>,
): (readonly [like: string, T])[] {
  const seen = new Set(kin);
  const first: (readonly [like: string, T])[] = [];
  const later: typeof first = [];
  for (const one of open) {
    const own = kinOf(one[0]);
    (seen.has(own) ? later : first).push(one);
    seen.add(own);
  }
  return [...first, ...later];
}
