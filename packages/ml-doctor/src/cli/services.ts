/** What the commands run on; the one place where the command line meets the rest of the product. */

import { catalog } from '../data/catalog/catalog.ts';
import type { Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import type { StudyEvent } from '../study/study-events.ts';

export interface DemoOptions {
  /** Train less, to be done in under a minute. */
  readonly quick: boolean;
  /** Existing folder for artifacts, absolute. */
  readonly out: string;
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

/** A command, or a topic of `list`, exists when its service does. */
export interface Services {
  readonly runDemo?: RunDemo;
  readonly lists: { readonly [Topic in ListTopic]?: () => readonly ListEntry[] };
}

export const services: Services = {
  lists: {
    datasets: () =>
      Object.values(catalog).map(({ id, title, size, licence, source, citation }) => ({
        name: id,
        title,
        records: size,
        licence,
        source,
        citation,
      })),
  },
};
