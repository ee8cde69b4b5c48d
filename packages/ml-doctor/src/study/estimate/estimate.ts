/** What running the missing tasks of a plan will take on this machine. */

import type { Task } from '../task.ts';
import { simulateRun } from './simulate-run.ts';
import { secondsFor, type Timings } from './timings.ts';

export interface Estimate {
  /** From start to end, with all workers. */
  readonly seconds: number;
  /** Seconds of each task whose pace is known, by key. */
  readonly secondsOf: ReadonlyMap<string, number>;
  /** Tasks whose pace nothing tells; `seconds` leaves them out. */
  readonly unknown: number;
}

/** @param tasks those that will run, inputs first. */
export function estimateRun(tasks: readonly Task[], timings: Timings, workers: number): Estimate {
  const secondsOf = new Map<string, number>();
  // Many tasks are equal in effort, and each look-up sorts.
  const known = new Map<string, number | undefined>();
  for (const { key, effort } of tasks) {
    if (effort === undefined) continue;
    const id = `${effort.units} ${effort.like}`;
    if (!known.has(id)) known.set(id, secondsFor(effort, timings));
    const seconds = known.get(id);
    if (seconds !== undefined) secondsOf.set(key, seconds);
  }
  return {
    seconds: simulateRun(tasks, ({ key }) => secondsOf.get(key) ?? 0, workers),
    secondsOf,
    unknown: tasks.length - secondsOf.size,
  };
}
