/** What the commands run on; the one place where the command line meets the rest of the product. */

import { allAttacks } from '../attacks/registry.ts';
import { cellOf, type Wanted } from '../audit/cell.ts';
import { demoCommand, demoConfig } from '../audit/demo-config.ts';
import { expandGrid } from '../audit/expand-grid.ts';
import type { Cost } from '../audit/own/connect-remote.ts';
import { planKeys } from '../audit/plan/plan-keys.ts';
import { type PlanSummary, summarisePlan } from '../audit/plan/summarise-plan.ts';
import { type AuditRun, runAudit } from '../audit/run-audit.ts';
import type { RunOptions } from '../audit/run-cells.ts';
import { runGrid, type StudyRun } from '../audit/run-grid.ts';
import type { LoadedConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { LoadedOwn } from '../config/own-flags.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { allDefenses } from '../defenses/registry.ts';
import { architectures } from '../models/architectures.ts';
import { attackFacts } from './attack-facts.ts';
import { defenseFacts } from './defense-facts.ts';
import { type AuditOverrides, type LoadedTrained, loadAny, loadAudit, loadStudy } from './load.ts';
import type { OnEvent } from './output.ts';
import { protocolFacts } from './protocol-facts.ts';
import type { RunSettings } from './run-settings.ts';
import { toolVersion } from './version.ts';

export type LoadedAudit = LoadedTrained | LoadedOwn;
export type LoadedStudy = LoadedConfig & { readonly kind: 'study' };

export interface DemoOptions {
  /** Train less, to be done in under a minute. */
  readonly quick: boolean;
  readonly seed: number;
}

/** One line of `ml-doctor list`: `name` first, the rest under their own names. */
export type ListEntry = { readonly name: string } & Readonly<Record<string, string | number>>;

export const LIST_TOPICS = ['attacks', 'defenses', 'datasets', 'models', 'protocols'] as const;
export type ListTopic = (typeof LIST_TOPICS)[number];

/** Runs reject when they could not run at all or were aborted; a failed task is a hole of the report. */
export interface Services {
  runDemo(demo: DemoOptions, settings: RunSettings, onEvent: OnEvent, signal: AbortSignal): Promise<AuditRun>;
  loadAudit(path: string | undefined, overrides: AuditOverrides): Promise<LoadedAudit>;
  runAudit(
    audit: LoadedAudit,
    settings: RunSettings,
    onEvent: OnEvent,
    signal: AbortSignal,
    confirm?: (cost: Cost) => Promise<boolean>,
  ): Promise<AuditRun>;
  loadStudy(path: string): Promise<LoadedStudy>;
  runStudy(
    study: LoadedStudy,
    settings: RunSettings,
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<StudyRun>;
  plan(
    path: string | undefined,
    overrides: AuditOverrides,
    settings: RunSettings,
    signal: AbortSignal,
  ): Promise<PlanSummary>;
  /** Keys of every task that a configuration leads to. */
  plannedKeys(path: string): Promise<ReadonlySet<string>>;
  readonly lists: { readonly [Topic in ListTopic]: () => readonly ListEntry[] };
}

const optionsFrom = (
  { store, workers, workerMemoryMiB, dataDir, showRecords }: RunSettings,
  onEvent: OnEvent,
  signal: AbortSignal,
): RunOptions => ({
  ...{ store, workers, workerMemoryMiB, version: toolVersion(), onEvent, signal },
  ...(showRecords && { showRecords }),
  places: placesFrom(dataDir),
});

const placesFrom = (dataDir: string | undefined) => (dataDir === undefined ? {} : { dataDir });

const cellsOf = (loaded: LoadedConfig): readonly Wanted[] => {
  switch (loaded.kind) {
    case 'audit':
      return [cellOf(loaded.config)];
    case 'own':
      return [{ ownAudit: loaded.config }];
    case 'study':
      return expandGrid(loaded.config);
  }
};

export const services: Services = {
  runDemo: (options, settings, onEvent, signal) =>
    runAudit(demoConfig(options), optionsFrom(settings, onEvent, signal), { command: demoCommand(options) }),
  loadAudit,
  runAudit: ({ config, source }, settings, onEvent, signal, confirm) =>
    runAudit(
      config,
      { ...optionsFrom(settings, onEvent, signal), ...(confirm && { remote: { confirm } }) },
      { source },
    ),
  loadStudy,
  runStudy: ({ config, source }, settings, onEvent, signal) =>
    runGrid(config, optionsFrom(settings, onEvent, signal), source),
  plan: async (path, overrides, { store, workers, dataDir }, signal) => {
    const loaded = await loadAny(path, overrides);
    return summarisePlan(cellsOf(loaded), loaded.source, {
      ...{ store, workers, signal, places: placesFrom(dataDir) },
    });
  },
  plannedKeys: async (path) => {
    const loaded = await loadConfig(path);
    return planKeys(cellsOf(loaded), loaded.source, placesFrom(process.env['ML_DOCTOR_DATA'] || undefined));
  },
  lists: {
    protocols: protocolFacts,
    attacks: () => Object.values(allAttacks()).map(attackFacts),
    defenses: () => Object.values(allDefenses()).map(defenseFacts),
    models: () =>
      Object.values(architectures).map(({ name, title, source }) => ({
        name,
        title,
        source,
      })),
    datasets: () =>
      Object.values(catalog).map(({ id, title, size, bundled, sensitive, licence, source, citation }) => ({
        name: id,
        title,
        records: size,
        files: bundled ? 'bundled' : 'not bundled: read from --data-dir',
        ...(sensitive && { sensitive: sensitive.join(', ') }),
        licence,
        source,
        citation,
      })),
  },
};
