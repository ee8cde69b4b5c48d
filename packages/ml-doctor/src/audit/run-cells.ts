/** Runs what the store lacks of some cells, and reports on each. */

import type { ConfigSource } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import type { DecodingProgress } from '../data/pictures/decoding.ts';
import { AuditError } from '../errors.ts';
import { describeHost, RUN_SCHEMA_ID, type Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import type { ResultChange } from '../report/study/changes.ts';
import type { ReportFile } from '../report/write.ts';
import { onnxruntimeVersion } from '../study/environment.ts';
import { calibrate } from '../study/estimate/calibrate.ts';
import { type Estimate, estimateRun } from '../study/estimate/estimate.ts';
import { workLeft } from '../study/estimate/work-left.ts';
import type { Executor } from '../study/executors/executor.ts';
import { inlineExecutor } from '../study/executors/inline.ts';
import { localExecutor } from '../study/executors/local.ts';
import { handlers } from '../study/kinds/handlers.ts';
import { findMissing } from '../study/missing-tasks.ts';
import { runStudy } from '../study/scheduler.ts';
import { type FolderStore, openStore } from '../study/store/folder-store.ts';
import { openStoreReadOnly } from '../study/store/open-existing.ts';
import { type StoreSession, startSession } from '../study/store/sessions.ts';
import type { Hole, StudyEvent, StudySummary } from '../study/study-events.ts';
import type { Places, Task } from '../study/task.ts';
import type { Cell, Wanted } from './cell.ts';
import type { Warning } from './check/warn-cells.ts';
import { type Connection, connectRemote, type RemoteOptions } from './own/connect-remote.ts';
import type { FirstLook } from './own/first-look.ts';
import type { PlannedCell } from './plan/plan-cells.ts';
import { standInsFor } from './plan/stand-ins.ts';
import { type PreparedRun, prepareRun, targetsOf } from './prepare-run.ts';
import { assembleReport } from './results/assemble-report.ts';
import { storedChanges } from './results/changes.ts';
import { trainingTimes } from './results/training-times.ts';

/** What a run tells whoever watches it. */
export type RunEvent =
  | StudyEvent
  /** Comes before all but `preparing`. */
  | ({ readonly type: 'warning' } & Warning)
  /** How often a model that is not trained here is right; comes before anything is run. */
  | ({ readonly type: 'first-look' } & FirstLook)
  /** What a run waits for. */
  | { readonly type: 'waiting'; readonly what: string }
  /** How far pictures of a data set are decoded, before anything is planned; several times a second. */
  | ({ readonly type: 'preparing' } & DecodingProgress)
  /** Comes before `planned`, and only when something has to run. */
  | { readonly type: 'measuring' }
  | ({ readonly type: 'estimated' } & Estimate);

export interface RunOptions {
  /** Folder of the task store. */
  readonly store: string;
  /** Processes at once; 0 runs everything in this process. */
  readonly workers: number;
  /** Limit of each process; none when left out. */
  readonly workerMemoryMiB?: number;
  readonly places?: Places;
  /** Whether reports show the most exposed records themselves; only where their owner asks for it. */
  readonly showRecords?: boolean;
  /** Of a model that is elsewhere: what agrees to its cost, its secrets, and itself where it is a function. */
  readonly remote?: Partial<Pick<RemoteOptions, 'confirm' | 'env' | 'target'>>;
  /** Version of this program, for the report. */
  readonly version: string;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** A cell with its report. */
export interface CellReport {
  readonly id: string;
  readonly cell: Cell;
  readonly report: Report;
  /** What belongs beside it. */
  readonly files: readonly ReportFile[];
}

/**
 * Plans, runs what the store lacks, and assembles the reports. A task that fails leaves a hole in them. A store that
 * cannot be written is enough when nothing is left to run.
 * @throws {AuditError} MLD_ABORTED when stopped; before anything is started or written the errors of
 *   {@link prepareRun}, and MLD_OUTPUT_UNWRITABLE for the store, then or when it is full
 */
export const runCells = async (
  cells: readonly Wanted[],
  how: { readonly source: ConfigSource; readonly command: string },
  options: RunOptions,
): Promise<{
  readonly reports: readonly CellReport[];
  /** What defences changed of attacks, from the records that were attacked with and without them. */
  readonly changes: readonly ResultChange[];
  readonly holes: readonly Hole[];
  readonly run: Run;
}> => {
  const startedAt = new Date();
  const { signal, onEvent } = options;
  const prepared = await prepareRun(cells, how.source, options.places ?? {}, {
    signal,
    onProgress: (progress) => onEvent({ type: 'preparing', ...progress }),
  });
  for (const warning of prepared.warnings) options.onEvent({ type: 'warning', ...warning });
  if (prepared.firstLook) options.onEvent({ type: 'first-look', ...prepared.firstLook });
  const { store, session } = await openFor(prepared, options);
  try {
    const connection = await connectRemote(prepared, store, how.source, remoteOptions(options));
    try {
      const places = connection ? { ...prepared.places, own: connection.places } : prepared.places;
      const run = { ...prepared, places };
      return await runAndReport(run, store, how.command, startedAt, options, connection);
    } finally {
      await connection?.close();
    }
  } finally {
    await session?.close();
  }
};

const remoteOptions = ({ signal, onEvent, remote = {} }: RunOptions): RemoteOptions => ({
  env: process.env,
  ...remote,
  signal,
  onWait: (what) => onEvent({ type: 'waiting', what }),
  onFirstLook: (look) => onEvent({ type: 'first-look', ...look }),
});

type Outcome = Awaited<ReturnType<typeof runCells>>;

const runAndReport = async (
  prepared: PreparedRun,
  store: FolderStore,
  command: string,
  startedAt: Date,
  options: RunOptions,
  connection: Connection | undefined,
): Promise<Outcome> => {
  const { summary, estimate } = await runPrepared(prepared, store, options);
  if (summary.aborted > 0)
    throw new AuditError(
      'MLD_ABORTED',
      `stopped with ${summary.aborted} tasks left to do`,
      'What is finished is kept: run the same command again to continue.',
    );
  const tasks = new Map(prepared.plan.tasks.map((task) => [task.key, task]));
  const reports: CellReport[] = [];
  for (const planned of prepared.cells) {
    const { id, cell } = planned;
    const data = prepared.datasets.get(cell.data.catalog) as Dataset;
    const holes = holesOf(planned, tasks, summary.holes);
    const { version } = options;
    reports.push({
      id,
      cell,
      ...(await assembleReport({
        ...{ planned, data, store, command, holes, version },
        notes: connection?.notes() ?? [],
        records: {
          ...(cell.own?.recordNames && { rowOf: cell.own.recordNames }),
          pictures: options.showRecords === true,
        },
      })),
    });
  }
  const missing = new Set(summary.holes.map(({ task }) => task.key));
  const changes = await storedChanges(prepared.changes, prepared.cells, store, missing);
  const run = runRecord(startedAt, options.workers, summary, estimate);
  // A single target's time has nothing to stand beside.
  const trainings = reports.length > 1 ? await trainingTimes(prepared.cells, store, missing) : {};
  const timed = Object.keys(trainings).length > 0;
  return { reports, changes, holes: summary.holes, run: { ...run, ...(timed && { trainings }) } };
};

/**
 * Opens the store to write; where that cannot be, to read, if nothing has to be written. The session lasts until the
 * reports are there, so that nobody tidies away what they read.
 */
const openFor = async (
  prepared: PreparedRun,
  { store: folder, signal }: RunOptions,
): Promise<{ readonly store: FolderStore; readonly session?: StoreSession }> => {
  try {
    const store = await openStore(folder);
    return { store, session: await startSession(store.folder, { signal }) };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MLD_OUTPUT_UNWRITABLE') throw error;
    const readOnly = await openStoreReadOnly(folder).catch(() => undefined);
    if (readOnly === undefined) throw error;
    const { missing } = await findMissing(prepared.plan, readOnly, prepared.targets);
    if (missing.length > 0) throw error;
    return { store: readOnly };
  }
};

const runPrepared = async (
  prepared: PreparedRun,
  store: FolderStore,
  options: RunOptions,
): Promise<{ summary: StudySummary; estimate: Estimate | undefined }> => {
  const { signal, onEvent } = options;
  const { plan, targets } = prepared;
  const lacking = await findMissing(plan, store, targets);
  const executor = executorFor(options, prepared.places, store);
  try {
    const estimate =
      lacking.missing.length > 0
        ? await estimateMissing(prepared, lacking.missing, store, options)
        : undefined;
    if (estimate) onEvent({ type: 'estimated', ...estimate });
    const summary = await runStudy({ plan, store, executor, targets, signal, onEvent });
    return { summary, estimate };
  } finally {
    await executor.close();
  }
};

const estimateMissing = async (
  prepared: PreparedRun,
  tasks: readonly Task[],
  store: FolderStore,
  { signal, workers, onEvent }: RunOptions,
): Promise<Estimate> => {
  onEvent({ type: 'measuring' });
  const standIn = standInsFor(prepared.plan, prepared.datasets);
  const { timings } = await calibrate({
    ...{ tasks, store, handlers, standIn, signal },
    places: prepared.places,
  });
  return estimateRun(await workLeft(tasks, store), timings, Math.max(1, workers));
};

const executorFor = (options: RunOptions, places: Places, store: FolderStore): Executor => {
  const { workers, workerMemoryMiB } = options;
  if (workers === 0) return inlineExecutor({ store, handlers, places });
  // The module with the same extension as this one: .ts from source, .js when built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return localExecutor({
    store,
    workers,
    places,
    ...(workerMemoryMiB !== undefined && { memoryMiB: workerMemoryMiB }),
    handlers: new URL(`../study/kinds/handlers.${extension}`, import.meta.url),
  });
};

/** The holes among the tasks that a cell needs. */
const holesOf = (planned: PlannedCell, tasks: ReadonlyMap<string, Task>, holes: readonly Hole[]): Hole[] => {
  if (holes.length === 0) return [];
  const needed = new Set<string>();
  const stack = targetsOf(planned).map(({ key }) => key);
  for (let key = stack.pop(); key !== undefined; key = stack.pop()) {
    if (needed.has(key)) continue;
    needed.add(key);
    stack.push(...(tasks.get(key)?.inputs ?? []));
  }
  return holes.filter(({ task }) => needed.has(task.key));
};

const runRecord = (
  startedAt: Date,
  workers: number,
  { ran, cached, unneeded, failed, blocked, seconds: took }: StudySummary,
  estimate: Estimate | undefined,
): Run => {
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
    tasks: { ran, cached: cached - unneeded, failed, blocked },
    ...(estimate && { estimate: { seconds: estimate.seconds, took, unknown: estimate.unknown } }),
  };
};
