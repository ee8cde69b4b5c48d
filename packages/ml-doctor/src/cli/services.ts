/** What the commands run on; the one place where the command line meets the rest of the product. */

import type { Cost } from '../audit/own/connect-remote.ts';
import type { PlanSummary } from '../audit/plan/summarise-plan.ts';
import type { AuditRun } from '../audit/run-audit.ts';
import type { StudyRun } from '../audit/run-grid.ts';
import type { LoadedConfig } from '../config/config.ts';
import type { LoadedOwn } from '../config/own-flags.ts';
import type { AuditOverrides, LoadedTrained } from './load.ts';
import type { OnEvent } from './output.ts';
import type { RunSettings } from './run-settings.ts';

export type LoadedAudit = LoadedTrained | LoadedOwn;
export type LoadedStudy = LoadedConfig & { readonly kind: 'study' };

export interface DemoOptions {
  /** Train less, to be done in under a minute. */
  readonly quick: boolean;
  readonly seed: number;
}

/** One line of `ml-doctor list`: `name` first, the rest under their own names. */
export type ListEntry = { readonly name: string } & Readonly<Record<string, string | number>>;

/** Where a list looks for what it lists. */
export interface ListPlaces {
  /** Absolute. */
  readonly dataDir?: string;
}

export const LIST_TOPICS = [
  ...(['attacks', 'defenses', 'datasets', 'models', 'protocols'] as const),
  ...(['figures', 'presets'] as const),
] as const;
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
    tryOutSeconds?: number,
  ): Promise<PlanSummary>;
  planStudy(
    study: LoadedStudy,
    settings: RunSettings,
    signal: AbortSignal,
    tryOutSeconds?: number,
  ): Promise<PlanSummary>;
  /** Keys of every task that a configuration leads to. */
  plannedKeys(path: string, store: string): Promise<ReadonlySet<string>>;
  readonly lists: {
    readonly [Topic in ListTopic]: (
      places: ListPlaces,
    ) => readonly ListEntry[] | Promise<readonly ListEntry[]>;
  };
}

/** Loaded when the first of them is asked for: help and mistakes in the command line need none. */
const atWork = async (): Promise<Services> => (await import('./services-at-work.ts')).servicesAtWork;

const list = (topic: ListTopic) => async (places: ListPlaces) => (await atWork()).lists[topic](places);

export const services: Services = {
  runDemo: async (...given) => (await atWork()).runDemo(...given),
  loadAudit: async (...given) => (await atWork()).loadAudit(...given),
  runAudit: async (...given) => (await atWork()).runAudit(...given),
  loadStudy: async (...given) => (await atWork()).loadStudy(...given),
  runStudy: async (...given) => (await atWork()).runStudy(...given),
  plan: async (...given) => (await atWork()).plan(...given),
  planStudy: async (...given) => (await atWork()).planStudy(...given),
  plannedKeys: async (...given) => (await atWork()).plannedKeys(...given),
  lists: {
    attacks: list('attacks'),
    defenses: list('defenses'),
    // Training and attacks are not needed to look for files.
    datasets: async ({ dataDir }) => (await import('./dataset-facts.ts')).datasetFacts(dataDir),
    models: list('models'),
    protocols: list('protocols'),
    figures: async () => (await import('./figure-facts.ts')).figureFacts(),
    presets: async () => (await import('./figure-facts.ts')).presetFacts(),
  },
};
