/** Which tasks of a plan must run to have its targets: walks back from the targets and stops at what is stored. */

import { failureOf, type TaskFailure } from './failure.ts';
import type { Plan, TaskRef } from './plan.ts';
import type { FolderStore } from './store/folder-store.ts';
import type { Task } from './task.ts';

const READS_AT_ONCE = 64;

/** What the store lacks. */
export interface MissingTasks {
  /** In the plan's order, so inputs come first. */
  readonly missing: readonly Task[];
  /** Tasks whose record is there but cannot be used; they are among the missing. */
  readonly damaged: readonly { readonly task: Task; readonly failure: TaskFailure }[];
}

/**
 * @param targets the tasks whose results are wanted; by default those that no other task needs.
 *
 * A task that is not stored but that only stored tasks need is not missing. Throws `internal: …` for a target that is
 * not in the plan.
 */
export async function findMissing(
  plan: Plan,
  store: FolderStore,
  targets?: readonly TaskRef[],
): Promise<MissingTasks> {
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  const missing = new Set<string>();
  const damaged: { task: Task; failure: TaskFailure }[] = [];

  const isStored = async (key: string): Promise<boolean> => {
    try {
      return (await store.record(key)) !== undefined;
    } catch (error) {
      damaged.push({ task: taskOf(tasks, key), failure: failureOf(error) });
      return false;
    }
  };

  const seen = new Set<string>();
  let frontier = unseen(targets?.map(({ key }) => key) ?? sinks(plan), seen);
  while (frontier.length > 0) {
    const next: string[] = [];
    for (let start = 0; start < frontier.length; start += READS_AT_ONCE) {
      const keys = frontier.slice(start, start + READS_AT_ONCE);
      const stored = await Promise.all(keys.map(isStored));
      for (const key of keys.filter((_, index) => !stored[index])) {
        missing.add(key);
        next.push(...taskOf(tasks, key).inputs);
      }
    }
    frontier = unseen(next, seen);
  }
  return { missing: plan.tasks.filter((task) => missing.has(task.key)), damaged };
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
