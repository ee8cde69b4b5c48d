/** What the pool and its worker processes say to each other. Results are not among it: they go through the store. */

import type { Places, Task, TaskProgress } from '../task.ts';
import type { TaskOutcome } from './executor.ts';

/** A worker's only argument, as JSON. */
export interface WorkerSettings {
  /** The store's folder. */
  readonly folder: string;
  /** URL of a module that exports `handlers`. */
  readonly handlers: string;
  readonly places: Places;
  /** Files with attacks and defences of the user's own, absolute. */
  readonly plugins?: readonly string[];
}

/** From the pool to a worker, which runs one task at a time. */
export type ToWorker = { readonly type: 'run'; readonly task: Task } | { readonly type: 'abort' };

/** From a worker to the pool; `ready` comes once, first. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly event: TaskProgress }
  /** Every now and then while a task runs: MiB of memory that the whole process holds. */
  | { readonly type: 'memory'; readonly mib: number }
  | { readonly type: 'ended'; readonly outcome: TaskOutcome; readonly mib: number };
