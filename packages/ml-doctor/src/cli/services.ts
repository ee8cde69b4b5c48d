/** What the commands run on; the one place where the command line meets the rest of the product. */

import { attacks } from '../attacks/registry.ts';
import { demoConfig } from '../audit/demo-config.ts';
import { runAudit } from '../audit/run-audit.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { architectures } from '../models/architectures.ts';
import type { Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import type { StudyEvent } from '../study/study-events.ts';
import { toolVersion } from './version.ts';

export interface DemoOptions {
  /** Train less, to be done in under a minute. */
  readonly quick: boolean;
  /** Folder of the task store, absolute. */
  readonly store: string;
  readonly seed: number;
  readonly workers: number;
}

/** Runs the demo audit. Rejects when it could not run at all or was aborted; a failed task is a hole of the report. */
export type RunDemo = (
  options: DemoOptions,
  onEvent: (event: StudyEvent) => void,
  signal: AbortSignal,
) => Promise<{ readonly report: Report; readonly run: Run }>;

/** One line of `ml-doctor list`: `name` first, the rest under their own names. */
export type ListEntry = { readonly name: string } & Readonly<Record<string, string | number>>;

export const LIST_TOPICS = ['attacks', 'datasets', 'models'] as const;
export type ListTopic = (typeof LIST_TOPICS)[number];

export interface Services {
  readonly runDemo: RunDemo;
  readonly lists: { readonly [Topic in ListTopic]: () => readonly ListEntry[] };
}

const demo = demoConfig({ quick: false, seed: 0 });

/** Whether a command uses it, or only programs that import the library can. */
const use = (name: string) => (name === demo.data || name === demo.architecture ? 'demo' : 'library');

export const services: Services = {
  runDemo: ({ quick, seed, store, workers }, onEvent, signal) =>
    runAudit(demoConfig({ quick, seed }), { store, workers, version: toolVersion(), onEvent, signal }),
  lists: {
    attacks: () =>
      Object.values(attacks).map(({ name, title, source, configure }) => {
        const { needs } = configure();
        return {
          name,
          title,
          access: needs.access,
          auxiliary: needs.auxiliary,
          output: needs.output,
          source,
        };
      }),
    models: () =>
      Object.values(architectures).map(({ name, title, source }) => ({
        name,
        title,
        use: use(name),
        source,
      })),
    datasets: () =>
      Object.values(catalog).map(({ id, title, size, licence, source, citation }) => ({
        name: id,
        title,
        use: use(id),
        records: size,
        licence,
        source,
        citation,
      })),
  },
};
