/** What running the missing tasks of a plan will take on this machine. */

import type { Task } from '../task.ts';
import { simulateRun } from './simulate-run.ts';
import { akin, kinOf, secondsFor, type Timings } from './timings.ts';

export interface Estimate {
  /** From start to end, with all workers. */
  readonly seconds: number;
  /** Seconds of each task whose pace is known, by key. */
  readonly secondsOf: ReadonlyMap<string, number>;
  /** Tasks whose pace is that of the same work on other data. */
  readonly borrowed: number;
  /** Tasks whose pace nothing tells; `seconds` leaves them out. */
  readonly unknown: number;
}

/** @param tasks those that will run, inputs first. */
export function estimateRun(tasks: readonly Task[], timings: Timings, workers: number): Estimate {
  const secondsOf = new Map<string, number>();
  const onOtherData = akin(timings);
  let borrowed = 0;
  // Many tasks are equal in effort, and each look-up sorts.
  const known = new Map<string, number | undefined>();
  for (const { key, effort } of tasks) {
    if (effort === undefined) continue;
    const id = `${effort.units} ${effort.like}`;
    if (!known.has(id))
      known.set(
        id,
        secondsFor(effort, timings) ?? secondsFor({ ...effort, like: kinOf(effort.like) }, onOtherData),
      );
    const seconds = known.get(id);
    if (seconds === undefined) continue;
    secondsOf.set(key, seconds);
    if (!timings.has(effort.like)) borrowed += 1;
  }
  return {
    seconds: simulateRun(tasks, ({ key }) => secondsOf.get(key) ?? 0, workers),
    secondsOf,
    borrowed,
    unknown: tasks.length - secondsOf.size,
  };
}
