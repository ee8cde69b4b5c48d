/** Where tasks run. The scheduler owns the graph; an executor only ever sees tasks whose inputs are in the store. */

import type { TaskFailure } from '../failure.ts';
import type { Task, TaskProgress } from '../task.ts';

/** What the submitter hears of a task, and how it takes it back. */
export interface TaskHooks {
  /** Stops the task, running or still queued. */
  readonly signal: AbortSignal;
  /** An attempt begins; counts from 1. */
  started(attempt: number): void;
  progress(event: TaskProgress): void;
}

/** `done` means that the record is in the store: results never pass any other way. */
export type TaskOutcome =
  | { readonly status: 'done' }
  | { readonly status: 'failed'; readonly failure: TaskFailure }
  | { readonly status: 'aborted' };

/** Inline, a pool of processes, or a queue: nothing outside may know which. */
export interface Executor {
  /**
   * How many tasks it can run at once; infinity when it cannot say. The scheduler keeps no more submitted, so that what
   * comes next is chosen when there is room for it, knowing all that has finished by then.
   */
  readonly width: number;
  /**
   * Queues a task and runs it when there is room; any number may be submitted at once. Tries again what failed for a
   * transient reason. Never rejects.
   */
  submit(task: Task, hooks: TaskHooks): Promise<TaskOutcome>;
  /** Aborts what is left and frees every process. Nothing may be submitted afterwards. */
  close(): Promise<void>;
}
