/** What tasks have left to do where a shorter one does, or did, their beginning. */

import type { FolderStore } from '../store/folder-store.ts';
import type { Task } from '../task.ts';

/**
 * The tasks, each with the effort that is left to it: without the share of the shorter task that it goes on from, where
 * that is among them or where the store has kept its end. Pace is another question, so that tasks are measured whole.
 *
 * @param tasks those that will run.
 */
export async function workLeft(
  tasks: readonly Task[],
  store: Pick<FolderStore, 'hasCheckpoint'> | undefined,
): Promise<readonly Task[]> {
  const running = new Set(tasks.map(({ key }) => key));
  return Promise.all(
    tasks.map(async (task) => {
      const { effort, continues } = task;
      if (effort === undefined || continues === undefined) return task;
      const begun = running.has(continues.key) || (await store?.hasCheckpoint(continues.key)) === true;
      return begun ? { ...task, effort: { ...effort, units: effort.units * (1 - continues.share) } } : task;
    }),
  );
}
