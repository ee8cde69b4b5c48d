/** Runs what the store lacks of a plan: hands an executor every task whose inputs are done, and keeps the books. */

import { setMaxListeners } from 'node:events';
import { AuditError } from '../errors.ts';
import type { Executor, TaskOutcome } from './executors/executor.ts';
import { failureOf, type TaskFailure } from './failure.ts';
import { findMissing } from './missing-tasks.ts';
import type { Plan, TaskRef } from './plan.ts';
import type { FolderStore } from './store/folder-store.ts';
import type { TaskRecord } from './store/task-record.ts';
import type { Hole, StudyEvent, StudySummary } from './study-events.ts';
import type { Task } from './task.ts';

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

/** A failed task blocks those that need it; the rest finishes. Rejects only for our own bugs. */
export async function runStudy(options: StudyOptions): Promise<StudySummary> {
  const { plan, store, executor, targets, onEvent: emit = () => {} } = options;
  // Every running task listens to it, and Node warns of more than ten listeners.
  const signal = AbortSignal.any(options.signal === undefined ? [] : [options.signal]);
  setMaxListeners(0, signal);
  const started = performance.now();

  const { missing, unneeded, damaged } = await findMissing(plan, store, targets);
  const { waits, dependants } = graphOf(missing);
  const cached = plan.tasks.length - missing.length;
  emit({
    type: 'planned',
    total: plan.tasks.length,
    cached,
    unneeded: unneeded.length,
    toRun: missing.length,
  });
  for (const task of plan.tasks) if (!waits.has(task.key)) emit({ type: 'cached', task });
  for (const each of damaged) emit({ type: 'damaged', ...each });

  let ran = 0;
  let failed = 0;
  const holes = new Map<string, Hole>();

  async function run(task: Task): Promise<void> {
    const outcome = signal.aborted ? aborted : await attempt(task);
    if (outcome.status === 'aborted') return;
    if (outcome.status === 'failed') return fail(task, outcome.failure);
    ran += 1;
    emit({ type: 'finished', task, record: outcome.record });
    await Promise.all((dependants.get(task.key) ?? []).filter(isReady).map(run));
  }

  function isReady({ key }: Task): boolean {
    const left = (waits.get(key) ?? 0) - 1;
    waits.set(key, left);
    return left === 0;
  }

  function attempt(task: Task): Promise<Confirmed> {
    const submitted = executor.submit(task, {
      signal,
      started: (attempt) => emit({ type: 'started', task, attempt }),
      progress: (progress) => emit({ type: 'progress', task, progress }),
    });
    return confirm(submitted, task, store);
  }

  function fail(task: Task, failure: TaskFailure): void {
    failed += 1;
    holes.set(task.key, { task, failed: task, failure });
    emit({ type: 'failed', task, failure });
    const stack = [...(dependants.get(task.key) ?? [])];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (holes.has(next.key)) continue;
      holes.set(next.key, { task: next, failed: task, failure });
      emit({ type: 'blocked', task: next, by: task });
      stack.push(...(dependants.get(next.key) ?? []));
    }
  }

  await Promise.all(missing.filter(({ key }) => waits.get(key) === 0).map(run));
  return {
    ...{ ran, cached, failed, blocked: holes.size - failed, aborted: missing.length - ran - holes.size },
    holes: [...holes.values()],
    seconds: (performance.now() - started) / 1000,
  };
}

type Confirmed =
  | Exclude<TaskOutcome, { status: 'done' }>
  | { readonly status: 'done'; readonly record: TaskRecord };

const aborted = { status: 'aborted' } as const;

/** Believes the store, not the messenger: a task is done when its record can be read. */
async function confirm(submitted: Promise<TaskOutcome>, task: Task, store: FolderStore): Promise<Confirmed> {
  try {
    const outcome = await submitted;
    if (outcome.status !== 'done') return outcome;
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

interface Graph {
  /** Per missing task: how many of its inputs are still missing. */
  readonly waits: Map<string, number>;
  /** Per missing task: the missing tasks that need it. */
  readonly dependants: ReadonlyMap<string, readonly Task[]>;
}

function graphOf(missing: readonly Task[]): Graph {
  const waits = new Map(missing.map((task) => [task.key, 0]));
  const dependants = new Map<string, Task[]>(missing.map((task) => [task.key, []]));
  for (const task of missing) {
    const inputs = [...new Set(task.inputs)].filter((key) => waits.has(key));
    waits.set(task.key, inputs.length);
    for (const key of inputs) dependants.get(key)?.push(task);
  }
  return { waits, dependants };
}
