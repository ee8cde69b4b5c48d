/** Runs an audit from configuration to report. */
import { loadOnnxruntime } from 'onnx-grad';
import { loadDataset } from '../data/load-dataset.ts';
import { AuditError } from '../errors.ts';
import { describeHost, RUN_SCHEMA_ID, type Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import { onnxruntimeVersion, planEnvironment } from '../study/environment.ts';
import type { Executor } from '../study/executors/executor.ts';
import { inlineExecutor } from '../study/executors/inline.ts';
import { localExecutor } from '../study/executors/local.ts';
import { handlers } from '../study/kinds/handlers.ts';
import { runStudy } from '../study/scheduler.ts';
import { type FolderStore, openStore } from '../study/store/folder-store.ts';
import type { StudyEvent } from '../study/study-events.ts';
import { assembleReport } from './assemble-report.ts';
import type { AuditConfig } from './audit-config.ts';
import { planAudit } from './plan-audit.ts';

export interface RunOptions {
  /** Folder of the task store. */
  readonly store: string;
  /** Processes at once; 0 runs everything in this process. */
  readonly workers: number;
  /** Version of this program, for the report. */
  readonly version: string;
  readonly onEvent: (event: StudyEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Plans, runs what the store lacks, and assembles the report. A task that fails leaves a hole in it.
 * @throws {AuditError} MLD_ABORTED when stopped; before anything is started or written the errors of the data and of
 *   {@link planAudit}, and MLD_OUTPUT_UNWRITABLE for the store
 * @throws {OnnxGradError} OG_RUNTIME_MISSING before anything is started or written
 */
export const runAudit = async (
  config: AuditConfig,
  options: RunOptions,
): Promise<{ report: Report; run: Run }> => {
  const startedAt = new Date();
  // One clear message now, before any folder is made, instead of the same failure in every task.
  await loadOnnxruntime();
  const data = await loadDataset(config.data);
  const planned = planAudit(config, data, planEnvironment(handlers));
  const store = await openStore(options.store);
  const executor = executorFor(options.workers, store);
  try {
    const summary = await runStudy({
      plan: planned.plan,
      store,
      executor,
      // The report reads these itself, so they are wanted even where every attack on them is done.
      targets: [planned.target.train, planned.target.query, ...planned.attacks.map((a) => a.evaluation)],
      signal: options.signal,
      onEvent: options.onEvent,
    });
    if (summary.aborted > 0)
      throw new AuditError(
        'MLD_ABORTED',
        `stopped with ${summary.aborted} tasks left to do`,
        'What is finished is kept: run the same command again to continue.',
      );
    const report = await assembleReport({
      config,
      data,
      planned,
      store,
      holes: summary.holes,
      version: options.version,
    });
    const { ran, cached, failed, blocked } = summary;
    const run = runRecord(startedAt, options.workers, { ran, cached, failed, blocked });
    return { report, run };
  } finally {
    await executor.close();
  }
};

const executorFor = (workers: number, store: FolderStore): Executor => {
  if (workers === 0) return inlineExecutor({ store, handlers });
  // The module with the same extension as this one: .ts from source, .js when built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return localExecutor({
    store,
    workers,
    handlers: new URL(`../study/kinds/handlers.${extension}`, import.meta.url),
  });
};

const runRecord = (startedAt: Date, workers: number, tasks: Run['tasks']): Run => {
  const finishedAt = new Date();
  return {
    schema: RUN_SCHEMA_ID,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    host: describeHost(),
    node: process.version,
    onnxruntime: onnxruntimeVersion(),
    workers: Math.max(1, workers),
    tasks,
  };
};
