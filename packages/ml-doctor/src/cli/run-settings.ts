/** The options of every command that runs tasks. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultWorkerMemoryMiB } from '../study/executors/memory.ts';
import {
  defaultWorkers,
  LEAST_MEMORY_MIB,
  parseFolder,
  parseMemory,
  parseSeed,
  parseWorkers,
} from './options.ts';

/** What they come to. */
export interface RunSettings {
  /** Folder of the task store, absolute. */
  readonly store: string;
  readonly workers: number;
  readonly workerMemoryMiB: number;
  readonly dataDir?: string;
  /** Whether pictures that cannot be decoded are left out. */
  readonly skipBroken?: true;
  /** Whether reports show the most exposed records themselves. */
  readonly showRecords?: true;
}

export interface StoreFlags {
  readonly store?: string;
  readonly workers: number;
  readonly dataDir?: string;
  readonly skipBroken?: true;
}

export interface RunFlags extends StoreFlags {
  readonly out: string;
  readonly workerMemory?: number;
  readonly showRecords?: true;
  readonly json?: true;
}

const OUT = './ml-doctor-out';

/** `--store`, `--workers`, `--data-dir`: what planning depends on too. */
export function addStoreOptions(command: Command): Command {
  return command
    .option(
      '--store <dir>',
      'folder that keeps finished work for the next run (default: OUT/store)',
      parseFolder,
    )
    .option('--workers <n>', 'processes that work at once', parseWorkers, defaultWorkers())
    .option(
      '--data-dir <dir>',
      'folder of data sets, looked into before the bundled ones (default: ML_DOCTOR_DATA)',
      parseFolder,
    )
    .option('--skip-broken', 'leave out pictures of data sets that cannot be decoded');
}

export function addRunOptions(command: Command): Command {
  return addStoreOptions(command.option('--out <dir>', 'folder for the report', parseFolder, OUT)).option(
    '--worker-memory <MiB>',
    'limit of each worker process (default: 90 % of the memory, shared out)',
    parseMemory,
  );
}

/** @param out the output folder, absolute. */
export function settingsFrom(
  flags: StoreFlags & { readonly workerMemory?: number; readonly showRecords?: true },
  out: string,
  env: Readonly<Record<string, string | undefined>>,
): RunSettings {
  return {
    store: flags.store === undefined ? join(out, 'store') : resolve(flags.store),
    workers: flags.workers,
    workerMemoryMiB: flags.workerMemory ?? Math.max(LEAST_MEMORY_MIB, defaultWorkerMemoryMiB(flags.workers)),
    ...placesFrom(flags, env),
    ...(flags.skipBroken && { skipBroken: true }),
    ...(flags.showRecords && { showRecords: true }),
  };
}

/** The data folder that is meant, absolute. */
export function placesFrom(
  flags: { readonly dataDir?: string },
  env: Readonly<Record<string, string | undefined>>,
): { readonly dataDir?: string } {
  const dataDir = flags.dataDir ?? (env.ML_DOCTOR_DATA || undefined);
  return dataDir === undefined ? {} : { dataDir: resolve(dataDir) };
}

/** `--attacks`, `--seed`: what an audit has instead of what its file says. */
export function addOverrides(command: Command): Command {
  return command
    .option(
      '--attacks <list>',
      'these attacks with their defaults, comma-separated, instead of those of the audit',
    )
    .option('--seed <n>', 'this seed instead of that of the audit', parseSeed)
    .option('--explain', 'look into what the most exposed records have in common');
}

export const DEFAULT_OUT = OUT;
