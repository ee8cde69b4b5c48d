/** Runs tasks in this process, one at a time: for tests, debuggers and single small audits. */

import { runTask } from '../run-task.ts';
import type { FolderStore } from '../store/folder-store.ts';
import type { Places, TaskHandlers } from '../task.ts';
import type { Executor } from './executor.ts';
import { withRetries } from './retry.ts';
import { Slots } from './slots.ts';

/** A task that never looks at its signal cannot be stopped, and one that crashes takes this process with it. */
export function inlineExecutor(options: {
  readonly store: FolderStore;
  readonly handlers: TaskHandlers;
  readonly places?: Places;
}): Executor {
  const { store, handlers, places = {} } = options;
  const slot = new Slots(1);
  const closing = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    width: 1,
    submit(task, { signal, started, progress }) {
      const attempt = async (number: number) => {
        if (signal.aborted || closing.signal.aborted) return { status: 'aborted' } as const;
        started(number);
        const either = AbortSignal.any([signal, closing.signal]);
        const outcome = runTask(task, handlers, store, { signal: either, places, progress });
        running = outcome;
        return outcome;
      };
      return withRetries((number) => slot.use(() => attempt(number)), signal);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
