/** Runs what the store lacks of a plan: hands an executor every task whose inputs are done, and keeps the books. */

import { setMaxListeners } from 'node:events';
import { AuditError } from '../errors.ts';
import type { Executor, TaskOutcome } from './executors/executor.ts';
import { failureOf, type TaskFailure } from './failure.ts';
import { findMissing } from './missing-tasks.ts';
import type { Plan, TaskRef } from './plan.ts';
import { ReadyQueue } from './ready-queue.ts';
import type { FolderStore } from './store/folder-store.ts';
import type { TaskRecord } from './store/task-record.ts';
import type { Hole, StudyEvent, StudySummary } from './study-events.ts';
import type { Task } from './task.ts';
import { type TaskNode, taskGraph } from './task-graph.ts';

/** Everything a run needs. */
export interface StudyOptions {
  readonly plan: Plan;
  readonly store: FolderStore;
  /** Stays the caller's to close. */
  readonly executor: Executor;
  /** The tasks whose results are wanted; by default those that no other task needs. */
  readonly targets?: readonly TaskRef[];
  /** Stops running tasks and starts no more; what is finished stays. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StudyEvent) => void;
}

/**
 * A failed task blocks those that need it; the rest finishes.
 *
 * Throws `MLD_OUTPUT_UNWRITABLE` when the store takes no more results, as every further one would be computed in vain,
 * and what `onEvent` throws; both only after everything that ran has stopped.
 */
export async function runStudy(options: StudyOptions): Promise<StudySummary> {
  const { plan, store, executor, targets, onEvent } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  // Every running task listens to it, and Node warns of more than ten listeners.
  setMaxListeners(0, signal);
  const started = performance.now();

  const faults: unknown[] = [];
  const halt = (error: unknown) => {
    faults.push(error);
    stop.abort();
  };
  const emit = (event: StudyEvent) => {
    try {
      onEvent?.(event);
    } catch (error) {
      halt(error);
    }
  };

  const { missing, unneeded, damaged } = await findMissing(plan, store, targets);
  const cached = plan.tasks.length - missing.length;
  const toRun = new Set(missing);
  emit({
    type: 'planned',
    total: plan.tasks.length,
    cached,
    unneeded: unneeded.length,
    toRun: missing.length,
  });
  for (const task of plan.tasks) if (!toRun.has(task)) emit({ type: 'cached', task });
  for (const each of damaged) emit({ type: 'damaged', ...each });

  let ran = 0;
  let failed = 0;
  const holes = new Map<Task, Hole>();
  const ready = new ReadyQueue();

  async function run(node: TaskNode): Promise<void> {
    const { task } = node;
    const submitted = executor.submit(task, {
      signal,
      started: (attempt) => emit({ type: 'started', task, attempt }),
      progress: (progress) => emit({ type: 'progress', task, progress }),
    });
    const outcome = await confirm(submitted, task, store);
    if (outcome.status === 'aborted') return;
    if (outcome.status === 'failed') {
      if (outcome.failure.code === 'MLD_OUTPUT_UNWRITABLE') halt(storeRefuses(outcome.failure));
      else fail(node, outcome.failure);
      return;
    }
    ran += 1;
    emit({ type: 'finished', task, record: outcome.record });
    for (const next of node.dependants) release(next);
    if (node.continuedBy) release(node.continuedBy);
  }

  function release(node: TaskNode): void {
    node.waits -= 1;
    if (node.waits === 0) ready.add(node);
  }

  function fail(node: TaskNode, failure: TaskFailure): void {
    const { task } = node;
    failed += 1;
    holes.set(task, { task, failed: task, failure });
    emit({ type: 'failed', task, failure });
    const stack = [...node.dependants];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (holes.has(next.task)) continue;
      holes.set(next.task, { task: next.task, failed: task, failure });
      emit({ type: 'blocked', task: next.task, by: task });
      for (const dependant of next.dependants) stack.push(dependant);
    }
    // It does the work from its beginning. Its inputs are the same, so that it is among the blocked where this one is.
    if (node.continuedBy) release(node.continuedBy);
  }

  for (const node of taskGraph(missing)) if (node.waits === 0) ready.add(node);
  await new Promise<void>((resolve) => {
    let running = 0;
    const fill = () => {
      while (running < executor.width && !signal.aborted) {
        const node = ready.take();
        if (node === undefined) break;
        running += 1;
        const next = () => {
          running -= 1;
          fill();
        };
        run(node).catch(halt).then(next);
      }
      if (running === 0) resolve();
    };
    fill();
  });
  if (faults.length > 0) throw faults[0];
  return {
    ...{ ran, cached, failed, blocked: holes.size - failed, aborted: missing.length - ran - holes.size },
    holes: inPlanOrder(missing, holes),
    unneeded: unneeded.length,
    seconds: (performance.now() - started) / 1000,
  };
}

/**
 * The holes in the order of the plan, each blocked task put down to the first of the plan that failed and that it needs:
 * which of several failed first depends on the workers, and what is reported must not.
 */
function inPlanOrder(missing: readonly Task[], holes: ReadonlyMap<Task, Hole>): Hole[] {
  const rank = new Map<string, number>();
  const named = new Map<string, Hole>();
  missing.forEach((task, index) => {
    const hole = holes.get(task);
    if (hole === undefined) return;
    rank.set(task.key, index);
    const causes = task.inputs.flatMap((key) => named.get(key) ?? []);
    const first = causes.reduce<Hole | undefined>(
      (best, cause) =>
        best === undefined || (rank.get(cause.failed.key) ?? 0) < (rank.get(best.failed.key) ?? 0)
          ? cause
          : best,
      undefined,
    );
    const own = hole.failed === task || first === undefined;
    named.set(task.key, own ? hole : { task, failed: first.failed, failure: first.failure });
  });
  return [...named.values()];
}

type Confirmed =
  | Exclude<TaskOutcome, { status: 'done' }>
  | { readonly status: 'done'; readonly record: TaskRecord };

/** Believes the store, not the messenger: a task is done when its record can be read. */
async function confirm(submitted: Promise<TaskOutcome>, task: Task, store: FolderStore): Promise<Confirmed> {
  try {
    const outcome = await submitted;
    if (outcome.status === 'aborted') return outcome;
    if (outcome.status === 'failed') {
      // Its worker may have died right after committing, or somebody else have done it meanwhile.
      const record = await store.record(task.key).catch(() => undefined);
      return record === undefined ? outcome : { status: 'done', record };
    }
    const record = await store.record(task.key);
    if (record !== undefined) return { status: 'done', record };
    throw new AuditError(
      'MLD_STORE_CORRUPT',
      `"${task.label}" was reported done, but its record is not in ${store.folder}`,
      'Check that every worker sees the same store folder and that nothing else deletes from it, then run again.',
    );
  } catch (error) {
    return { status: 'failed', failure: failureOf(error) };
  }
}

function storeRefuses({ message, hint }: TaskFailure): AuditError {
  return new AuditError(
    'MLD_OUTPUT_UNWRITABLE',
    message,
    `${hint} What is finished is kept: run the same command again to continue.`,
  );
}
