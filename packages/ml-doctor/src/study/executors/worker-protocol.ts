/** What the pool and its worker processes say to each other. Results are not among it: they go through the store. */

import type { Task, TaskProgress } from '../task.ts';
import type { TaskOutcome } from './executor.ts';

/** From the pool to a worker, which runs one task at a time. */
export type ToWorker = { readonly type: 'run'; readonly task: Task } | { readonly type: 'abort' };

/** From a worker to the pool; `ready` comes once, first. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly event: TaskProgress }
  | { readonly type: 'ended'; readonly outcome: TaskOutcome };
