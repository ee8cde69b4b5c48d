/** What a running study tells whoever watches it. */

import type { TaskFailure } from './failure.ts';
import type { TaskRecord } from './store/task-record.ts';
import type { Task, TaskProgress } from './task.ts';

/** Sent in the order in which things happen; `planned` comes first. */
export type StudyEvent =
  /** `cached` tasks need not run: `unneeded` of them as the store has everything that needs them, the others are stored. */
  | {
      readonly type: 'planned';
      readonly total: number;
      readonly cached: number;
      readonly unneeded: number;
      readonly toRun: number;
    }
  | { readonly type: 'cached'; readonly task: Task }
  /** A stored record cannot be used; its task runs again if it is `needed`. */
  | {
      readonly type: 'damaged';
      readonly task: Task;
      readonly failure: TaskFailure;
      readonly needed: boolean;
    }
  /** `attempt` counts from 1; a higher one means that the last failed for a reason that may pass. */
  | { readonly type: 'started'; readonly task: Task; readonly attempt: number }
  | { readonly type: 'progress'; readonly task: Task; readonly progress: TaskProgress }
  | { readonly type: 'finished'; readonly task: Task; readonly record: TaskRecord }
  | { readonly type: 'failed'; readonly task: Task; readonly failure: TaskFailure }
  /** Will not run, as `by` failed and it needs that task's result, directly or not. */
  | { readonly type: 'blocked'; readonly task: Task; readonly by: Task };

/** A result that the study could not get. */
export interface Hole {
  readonly task: Task;
  /** The task that failed: this one, or the one it needs. */
  readonly failed: Task;
  readonly failure: TaskFailure;
}

/** How a study ended; the five counts add up to the tasks of the plan. */
export interface StudySummary {
  readonly ran: number;
  readonly cached: number;
  /** Of the cached ones, those that are not in the store, as nothing wanted needs them any more. */
  readonly unneeded: number;
  readonly failed: number;
  readonly blocked: number;
  /** Tasks left undone because the study was aborted; 0 when it was not, or not before its end. */
  readonly aborted: number;
  /** In the order of the plan. */
  readonly holes: readonly Hole[];
  readonly seconds: number;
}
