/** Entry point of a worker process. Arguments: the store's folder, the URL of a module that exports `handlers`. */

import { failureOf } from '../failure.ts';
import { runTask } from '../run-task.ts';
import { FolderStore } from '../store/folder-store.ts';
import type { Task, TaskHandlers } from '../task.ts';
import type { TaskOutcome } from './executor.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

const [folder = '', handlersUrl = ''] = process.argv.slice(2);
const store = new FolderStore(folder);
let running: AbortController | undefined;

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
  const outcome = await attempt(task, running.signal);
  running = undefined;
  send({ type: 'ended', outcome });
}

async function attempt(task: Task, signal: AbortSignal): Promise<TaskOutcome> {
  try {
    const { handlers } = (await import(handlersUrl)) as { readonly handlers: TaskHandlers };
    return await runTask(task, handlers, store, {
      signal,
      progress: (event) => send({ type: 'progress', event }),
    });
  } catch (error) {
    // The handlers module does not load.
    return { status: 'failed', failure: failureOf(error) };
  }
}

function send(message: FromWorker): void {
  // Without a channel the owner is gone, and `disconnect` ends this process.
  if (process.connected) process.send?.(message, () => {});
}
