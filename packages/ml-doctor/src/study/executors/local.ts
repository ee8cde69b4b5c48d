/** Runs tasks in a pool of child processes, so that a native crash or a full memory ends one task and not the study. */

import { availableParallelism } from 'node:os';
import { loadedPlugins } from '../plugins/loaded.ts';
import type { FolderStore } from '../store/folder-store.ts';
import type { Places, Task } from '../task.ts';
import type { Executor, TaskHooks, TaskOutcome } from './executor.ts';
import { withRetries } from './retry.ts';
import { Slots } from './slots.ts';
import { WorkerProcess } from './worker-process.ts';

/** The pool's size and what its processes load. */
export interface LocalOptions {
  readonly store: FolderStore;
  /** A module that exports `handlers`; every worker imports it once. */
  readonly handlers: URL;
  /** Processes at once; by default what the machine computes in parallel. */
  readonly workers?: number;
  /**
   * What each worker may hold, in whole MiB: heap, buffers, native code and what it allocated. One that holds more is
   * ended, and its task fails with `MLD_WORKER_MEMORY`. No limit when left out.
   */
  readonly memoryMiB?: number;
  readonly places?: Places;
}

/** Processes start when first needed, are used again, and are replaced when they die. `close` ends them all. */
export function localExecutor(options: LocalOptions): Executor {
  const { store, handlers, workers = availableParallelism(), memoryMiB, places = {} } = options;
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new Error(`internal: a pool of ${workers} workers`);
  if (memoryMiB !== undefined && (!Number.isSafeInteger(memoryMiB) || memoryMiB < 1))
    throw new Error(`internal: a memory limit of ${memoryMiB} MiB`);
  const settings = {
    ...{ folder: store.folder, handlers: handlers.href, places },
    ...(memoryMiB === undefined ? {} : { memoryMiB }),
  };
  const slots = new Slots(workers);
  const pool = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];
  let closed = false;

  const withPlugins = () => {
    const plugins = loadedPlugins().map(({ file }) => file);
    return plugins.length > 0 ? { ...settings, plugins } : settings;
  };

  function takeWorker(): WorkerProcess {
    for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) {
      if (worker.fit) return worker;
      const unfit = worker;
      void unfit.kill().then(() => pool.delete(unfit));
    }
    const worker = new WorkerProcess(withPlugins());
    pool.add(worker);
    return worker;
  }

  async function attempt(task: Task, hooks: TaskHooks, number: number): Promise<TaskOutcome> {
    if (closed || hooks.signal.aborted) return { status: 'aborted' };
    const worker = takeWorker();
    hooks.started(number);
    const outcome = await worker.run(task, hooks);
    idle.push(worker);
    return closed && outcome.status === 'failed' ? { status: 'aborted' } : outcome;
  }

  return {
    width: workers,
    submit: (task, hooks) =>
      withRetries((number) => slots.use(() => attempt(task, hooks, number)), hooks.signal),
    async close() {
      closed = true;
      await Promise.all([...pool].map((worker) => worker.kill()));
    },
  };
}
