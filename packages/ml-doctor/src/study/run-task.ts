/** Runs one task in this process: reads its inputs from the store, calls its handler, commits the record. */

import { hostname } from 'node:os';
import { assertPlannedEnvironment } from './environment.ts';
import type { TaskOutcome } from './executors/executor.ts';
import { failureOf } from './failure.ts';
import type { FolderStore } from './store/folder-store.ts';
import { handlerOf, type Places, type Task, type TaskHandlers, type TaskProgress } from './task.ts';

/** What the running of a task needs from whoever supervises it. */
export interface TaskControl {
  readonly signal: AbortSignal;
  readonly places?: Places;
  progress(event: TaskProgress): void;
}

/** Never rejects: whatever goes wrong is in the outcome. */
export async function runTask(
  task: Task,
  handlers: TaskHandlers,
  store: FolderStore,
  control: TaskControl,
): Promise<TaskOutcome> {
  try {
    await runAndCommit(task, handlers, store, control);
    return { status: 'done' };
  } catch (error) {
    return control.signal.aborted ? { status: 'aborted' } : { status: 'failed', failure: failureOf(error) };
  }
}

async function runAndCommit(
  task: Task,
  handlers: TaskHandlers,
  store: FolderStore,
  { signal, places = {}, progress }: TaskControl,
): Promise<void> {
  signal.throwIfAborted();
  assertPlannedEnvironment(task, handlers);
  // Another process on the same store, or an earlier attempt that died after committing, may have done it already.
  // A damaged record counts as none and is written over.
  if (await store.record(task.key).catch(() => undefined)) return;
  const { key, kind, label, effort, continues, continuedBy, seed, params, inputs, runtime } = task;
  const finished = await Promise.all(inputs.map((input) => store.finished(input)));
  const started = performance.now();
  const { device, threads } = runtime;
  const checkpoint = store.checkpoint(key);
  let resumed = false;
  let saved = false;
  const load = async () => {
    // The end of the shorter task is the beginning of this one, which knows better itself once it has begun.
    const shorter = continues && store.checkpoint(continues.key);
    const bytes = (await checkpoint.load()) ?? (await shorter?.load());
    // What this attempt has saved itself is no help of an earlier one.
    resumed ||= bytes !== undefined && !saved;
    return bytes;
  };
  // Of no use to a longer task that is done.
  const atEnd = continuedBy !== undefined && !(await store.record(continuedBy).catch(() => undefined));
  const save = (bytes: Uint8Array) => {
    saved = true;
    return checkpoint.save(bytes);
  };
  const output = await handlerOf(handlers, kind).run(params, finished, {
    signal,
    seed,
    threads,
    device,
    places,
    checkpoint: { load, save, atEnd },
    progress,
  });
  const seconds = (performance.now() - started) / 1000;
  signal.throwIfAborted();
  await store.commit(
    {
      ...{ key, kind, label, seed, params, inputs: [...inputs], result: output.result, seconds },
      // The seconds of a part would mislead whoever estimates by them.
      ...(effort && !resumed && { effort }),
      finishedAt: new Date().toISOString(),
      runtime: { node: process.version, ...runtime, host: hostname() },
    },
    output.blobs ?? {},
  );
  if (!atEnd) await checkpoint.drop();
  // What is left of a shorter task that is not done is where that one goes on.
  if (continues && (await store.record(continues.key).catch(() => undefined)))
    await store.checkpoint(continues.key).drop();
}
