/** Whether the same tasks give the same bits in this process and in a worker process. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attackOf } from '../../attacks/registry.ts';
import type { AuditConfig } from '../../config/config.ts';
import type { Executor } from '../../study/executors/executor.ts';
import { inlineExecutor } from '../../study/executors/inline.ts';
import { localExecutor } from '../../study/executors/local.ts';
import { handlers } from '../../study/kinds/handlers.ts';
import { runStudy } from '../../study/scheduler.ts';
import { type FolderStore, openStore } from '../../study/store/folder-store.ts';
import type { Task } from '../../study/task.ts';
import { FULL_OFFER } from '../../targets/threat-model.ts';
import { cellOf } from '../cell.ts';
import { unwrittenSource } from '../check/check-cells.ts';
import { prepareRun } from '../prepare-run.ts';
import { type Check, check, firstDifference } from './check.ts';

const inline = (store: FolderStore): Executor => inlineExecutor({ store, handlers });

const worker = (store: FolderStore): Executor => {
  // The module with the same extension as this one: .ts from source, .js when built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const module = new URL(`../../study/kinds/handlers.${extension}`, import.meta.url);
  return localExecutor({ store, handlers: module, workers: 1 });
};

/** A network, its answers and one attack on them, of bundled pictures. */
const config: AuditConfig = {
  data: { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022', recordsPerRole: 40 },
  target: {
    train: {
      model: 'mlp',
      training: {
        ...{ epochs: 2, batchSize: 16, learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 },
        milestones: [],
      },
    },
    offers: FULL_OFFER,
  },
  defense: { name: 'none', params: {} },
  attacks: [
    { name: 'membership/loss-threshold', params: attackOf('membership/loss-threshold').configure().params },
  ],
  seed: 6,
};

/** @param second who runs the tasks again; a worker process unless told otherwise */
export const sameBitsChecks = ({ second = worker } = {}): readonly Check[] => [
  check('the same seed gives the same bits here and in a worker process', async (findings, signal) => {
    const { plan } = await prepareRun([cellOf(config)], unwrittenSource, {});
    const folder = await mkdtemp(join(tmpdir(), 'ml-doctor-selftest-'));
    const run = async (name: string, executorOf: (store: FolderStore) => Executor): Promise<FolderStore> => {
      const store = await openStore(join(folder, name));
      const executor = executorOf(store);
      try {
        const { holes } = await runStudy({ plan, store, executor, signal });
        signal.throwIfAborted();
        for (const { task, failure } of holes)
          findings.must(false, `"${task.label}" to be done, ${name}`, `${failure.code}: ${failure.message}`);
        return store;
      } finally {
        await executor.close();
      }
    };
    try {
      const stores = [await run('here', inline), await run('worker', second)] as const;
      if (findings.list.length > 0) return;
      for (const task of plan.tasks) {
        const difference = await differing(task, stores);
        findings.must(difference === undefined, `"${task.label}" the same in both`, difference);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }),
];

const differing = async (
  { key }: Task,
  [one, other]: readonly [FolderStore, FolderStore],
): Promise<string | undefined> => {
  const [a, b] = [await one.finished(key), await other.finished(key)];
  const [results, others] = [JSON.stringify(a.result), JSON.stringify(b.result)];
  if (results !== others) return `${others} in the worker, ${results} here`;
  for (const name of a.blobNames) {
    const difference = firstDifference(await a.blob(name), await b.blob(name));
    if (difference !== undefined) return `${name}: ${difference}`;
  }
  return undefined;
};
