/** Which tasks of a plan must run to have its targets: walks back from the targets and stops at what is stored. */

import { failureOf, type TaskFailure } from './failure.ts';
import type { Plan, TaskRef } from './plan.ts';
import type { FolderStore } from './store/folder-store.ts';
import { inParallel } from './store/in-parallel.ts';
import type { Task } from './task.ts';

/** A task whose record is there but cannot be used. */
export interface DamagedTask {
  readonly task: Task;
  readonly failure: TaskFailure;
  /** Whether a target needs it, so that it is among the missing. */
  readonly needed: boolean;
}

/** What the store lacks. */
export interface MissingTasks {
  /** In the plan's order, so inputs come first. */
  readonly missing: readonly Task[];
  /** Tasks that are not stored, or damaged, and that no target needs any more. */
  readonly unneeded: readonly Task[];
  /** In the plan's order. */
  readonly damaged: readonly DamagedTask[];
}

/**
 * @param targets the tasks whose results are wanted; by default those that no other task needs.
 *
 * A task that is not stored but that only stored tasks need is not missing. Throws `internal: …` for a target that is
 * not in the plan, and `MLD_STORE_CORRUPT` when a folder of the store cannot be read.
 */
export async function findMissing(
  plan: Plan,
  store: FolderStore,
  targets?: readonly TaskRef[],
): Promise<MissingTasks> {
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  // One look at each folder instead of one failing read for each task that was never run.
  const listed = await store.keys();
  const missing = new Set<string>();
  const damaged = new Map<string, DamagedTask>();

  const isStored = async (key: string, needed: boolean): Promise<boolean> => {
    try {
      return (await store.record(key)) !== undefined;
    } catch (error) {
      damaged.set(key, { task: taskOf(tasks, key), failure: failureOf(error), needed });
      return false;
    }
  };

  const notStored = async (keys: readonly string[], needed: boolean): Promise<string[]> => {
    const stored = new Set<string>();
    const toRead = keys.filter((key) => listed.has(key));
    await inParallel(toRead, async (key) => {
      if (await isStored(key, needed)) stored.add(key);
    });
    return keys.filter((key) => !stored.has(key));
  };

  const seen = new Set<string>();
  let frontier = unseen(targets?.map(({ key }) => key) ?? sinks(plan), seen);
  while (frontier.length > 0) {
    const found = await notStored(frontier, true);
    for (const key of found) missing.add(key);
    const inputs = found.flatMap((key) => taskOf(tasks, key).inputs);
    frontier = unseen(inputs, seen);
  }
  // The rest need not run, but whoever is told that it is stored must be told the truth.
  const rest = plan.tasks.map(({ key }) => key).filter((key) => !seen.has(key));
  const unneeded = new Set(await notStored(rest, false));
  return {
    missing: plan.tasks.filter(({ key }) => missing.has(key)),
    unneeded: plan.tasks.filter(({ key }) => unneeded.has(key)),
    damaged: plan.tasks.map(({ key }) => damaged.get(key)).filter((found) => found !== undefined),
  };
}

function unseen(keys: readonly string[], seen: Set<string>): string[] {
  return keys.filter((key) => !seen.has(key) && seen.add(key));
}

function sinks({ tasks }: Plan): string[] {
  const needed = new Set(tasks.flatMap((task) => task.inputs));
  return tasks.map((task) => task.key).filter((key) => !needed.has(key));
}

function taskOf(tasks: ReadonlyMap<string, Task>, key: string): Task {
  const task = tasks.get(key);
  if (task === undefined) throw new Error(`internal: target ${key} is not in the plan`);
  return task;
}
