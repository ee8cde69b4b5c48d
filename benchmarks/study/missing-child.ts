/** Child process: how long it takes to find what a store lacks of a plan, and to put that in the order of its running. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from '../../packages/ml-doctor/src/study/canonical-json.ts';
import { findMissing } from '../../packages/ml-doctor/src/study/missing-tasks.ts';
import { FolderStore } from '../../packages/ml-doctor/src/study/store/folder-store.ts';
import { encodeRecord } from '../../packages/ml-doctor/src/study/store/task-record.ts';
import type { Task } from '../../packages/ml-doctor/src/study/task.ts';
import { taskGraph } from '../../packages/ml-doctor/src/study/task-graph.ts';
import { answer } from './child.ts';
import type { MissingReport } from './missing.ts';
import { planTargets, seconds } from './plan-of.ts';
import { TemporaryStores } from './temporary-store.ts';

/** As a commit leaves it, but not synced: writing ten thousand is no part of what is measured. */
const putRecord = async (store: FolderStore, task: Task): Promise<void> => {
  const { key, kind, label, seed, params, inputs, runtime } = task;
  const bytes = Buffer.from(key.slice(0, 8));
  const blob = { sha256: sha256(bytes), bytes: bytes.length };
  const record = encodeRecord({
    ...{ schema: 'ml-doctor/task@1', key, kind, label, seed, params, inputs: [...inputs] },
    ...{ result: { classes: 10 }, blobs: { out: blob }, seconds: 1, finishedAt: new Date().toISOString() },
    runtime: { ...runtime, node: process.version, host: 'here' },
  });
  const files = [
    [store.blobPath(blob.sha256), bytes],
    [store.recordPath(key), record],
  ] as const;
  for (const [path, content] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
};

const [count, stored] = process.argv.slice(2).map(Number) as [number, number];
const { plan, targets } = await planTargets(count);
await using stores = new TemporaryStores();
const { folder } = await stores.open();

/** A new store each time: one remembers how quick its folder is. */
const look = async (lacking: number): Promise<{ took: number; missing: readonly Task[] }> => {
  const started = performance.now();
  const { missing } = await findMissing(plan, new FolderStore(folder), targets);
  const took = seconds(started);
  if (missing.length !== lacking) throw new Error(`${missing.length} tasks are missing, not ${lacking}`);
  return { took, missing };
};

const { took: emptySeconds, missing: all } = await look(plan.tasks.length);
const linking = performance.now();
taskGraph(all);
const graphSeconds = seconds(linking);
const store = new FolderStore(folder);
for (const task of plan.tasks.slice(0, stored)) await putRecord(store, task);
const { took: partSeconds } = await look(plan.tasks.length - stored);
answer<MissingReport>({ emptySeconds, partSeconds, graphSeconds });
