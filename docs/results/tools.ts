/** What pages of figures on real data share: runs a configuration, says what it took, and writes tables. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from 'ml-doctor';

export type Result = Report['results'][number];
export type Metric = Result['metrics'][string];

const main = fileURLToPath(new URL('../../packages/ml-doctor/dist/cli/main.js', import.meta.url));
const dataFolder =
  process.env['ML_DOCTOR_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

export interface FinishedTask {
  readonly label: string;
  readonly seconds: number;
}

export interface Finished {
  /** Folder of the output. */
  readonly out: string;
  readonly tasks: readonly FinishedTask[];
  /** In words. */
  readonly took: string;
}

/** A page's configurations, and where they leave what they found. Kept between runs, so that one that was stopped goes on. */
export const workshop = (page: string) => {
  const folder = join(tmpdir(), `ml-doctor-results-${page}`);
  const store = join(folder, 'store');
  const here = fileURLToPath(new URL(`${page}/`, import.meta.url));
  /** Where the output of a configuration is, and what its tasks took. */
  const run = async (
    name: string,
    command: 'audit' | 'study',
    options: readonly string[] = [],
  ): Promise<Finished> => {
    const out = join(folder, name);
    const config = join(here, `${name}.yaml`);
    execFileSync(
      process.execPath,
      [main, command, config, '--data-dir', dataFolder, '--out', out, '--store', store, ...options],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const tasks = await finishedTasks(config, store);
    return { out, tasks, took: taskTime(tasks) };
  };
  return { run };
};

type LoadConfig = typeof import('../../packages/ml-doctor/src/config/load-config.ts');
type CellModule = typeof import('../../packages/ml-doctor/src/audit/cell.ts');
type GridModule = typeof import('../../packages/ml-doctor/src/audit/expand-grid.ts');
type KeysModule = typeof import('../../packages/ml-doctor/src/audit/plan/plan-keys.ts');
type StoreModule = typeof import('../../packages/ml-doctor/src/study/store/folder-store.ts');

/** A module of the built program, by its path below the sources and without extension. */
export const built = async <M>(name: string): Promise<M> =>
  (await import(new URL(`../../packages/ml-doctor/dist/${name}.js`, import.meta.url).href)) as M;

/**
 * Every task that the figures come from, each once, whichever run it ran in: the last run alone would show the last part
 * only of what was stopped and went on.
 */
const finishedTasks = async (config: string, store: string): Promise<FinishedTask[]> => {
  // From the built program, whose tasks have keys of their own: sources and built files differ in their digests.
  const { loadConfig } = await built<LoadConfig>('config/load-config');
  const { cellOf } = await built<CellModule>('audit/cell');
  const { expandGrid } = await built<GridModule>('audit/expand-grid');
  const { planKeys } = await built<KeysModule>('audit/plan/plan-keys');
  const { openStore } = await built<StoreModule>('study/store/folder-store');
  const { kind, config: loaded, source } = await loadConfig(config);
  if (kind === 'own') throw new Error(`${config} audits a model that is not trained here`);
  const cells = kind === 'audit' ? [cellOf(loaded)] : expandGrid(loaded);
  const records = await openStore(store);
  const found: FinishedTask[] = [];
  for (const key of await planKeys(cells, source, { dataDir: dataFolder })) {
    const record = await records.record(key);
    if (!record) throw new Error(`the store lacks task ${key}`);
    found.push({ label: record.label, seconds: record.seconds });
  }
  return found;
};

const taskTime = (tasks: readonly FinishedTask[]): string => {
  const seconds = tasks.reduce((sum, task) => sum + task.seconds, 0);
  return `${tasks.length} tasks, ${(seconds / 60).toFixed(0)} minutes of task time, two at once`;
};

export const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

export const show = ({ value, low, high }: Metric, digits = 3): string =>
  `${value.toFixed(digits)} (${low?.toFixed(digits) ?? '-'} to ${high?.toFixed(digits) ?? '-'})`;

export const cell = (metric: Metric | undefined, digits?: number): string =>
  metric ? show(metric, digits) : '-';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

export const machine = (): string =>
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.version}`;
