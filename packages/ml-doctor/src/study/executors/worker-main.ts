/** Entry point of a worker process. Argument: its settings as JSON. */

import { failureOf } from '../failure.ts';
import { runTask } from '../run-task.ts';
import { FolderStore } from '../store/folder-store.ts';
import type { Task, TaskHandlers } from '../task.ts';
import type { TaskOutcome } from './executor.ts';
import { MEMORY_LOOK_MS, ownMemoryMiB } from './memory.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const store = new FolderStore(settings.folder);
let running: AbortController | undefined;
let handlers: TaskHandlers | undefined;

// A terminal sends Ctrl-C to every process of the group; only the pool's owner decides what it means.
process.on('SIGINT', () => {});
// The owner is gone, however it ended. The store stands a sudden end, and native threads cannot delay this one.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToWorker) => {
  if (message.type === 'abort') running?.abort();
  else void work(message.task);
});
send({ type: 'ready' });

async function work(task: Task): Promise<void> {
  running = new AbortController();
  const report = () => send({ type: 'memory', mib: ownMemoryMiB() });
  const looks = setInterval(report, MEMORY_LOOK_MS).unref();
  const outcome = await attempt(task, running.signal);
  clearInterval(looks);
  running = undefined;
  send({ type: 'ended', outcome, mib: ownMemoryMiB() });
}

let plugged: Promise<readonly unknown[]> | undefined;

/** Before the first task: what the owner has loaded of the user's own code. Gives what could not be loaded of it. */
function plugIn(): Promise<readonly unknown[]> {
  plugged ??= plugAll(settings.plugins ?? []);
  return plugged;
}

async function plugAll(files: readonly string[]): Promise<readonly unknown[]> {
  if (files.length === 0) return [];
  const { loadPlugins } = await import('../plugins/load-plugins.ts');
  const outcomes = await Promise.allSettled(files.map((file) => loadPlugins([file])));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

async function attempt(task: Task, signal: AbortSignal): Promise<TaskOutcome> {
  try {
    const [unplugged] = await plugIn();
    // Kept, as a TypeScript loader takes a third of a millisecond to find a module again.
    handlers ??= ((await import(settings.handlers)) as { readonly handlers: TaskHandlers }).handlers;
    const outcome = await runTask(task, handlers, store, {
      signal,
      places: settings.places,
      progress: (event) => send({ type: 'progress', event }),
    });
    if (outcome.status !== 'failed' || unplugged === undefined) return outcome;
    // A task that needs a plugin was planned with it, and this worker is not the same without.
    const { failure } = outcome;
    const why = failureOf(unplugged).message;
    return failure.code === 'MLD_TASK_FAILED'
      ? { status: 'failed', failure: { ...failure, message: `${failure.message}; ${why}` } }
      : outcome;
  } catch (error) {
    // The handlers module does not load.
    return { status: 'failed', failure: failureOf(error) };
  }
}

function send(message: FromWorker): void {
  // Without a channel the owner is gone, and `disconnect` ends this process.
  if (process.connected) process.send?.(message, () => {});
}
