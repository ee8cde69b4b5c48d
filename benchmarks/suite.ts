/** What a suite of cases is to the command line, whatever it measures. */
import { UsageError } from './usage-error.ts';

/** A case as help lists it. */
export interface Named {
  readonly name: string;
  /** What is measured, in one line. */
  readonly about: string;
}

export interface MeasureOptions {
  /** Names of cases; all when left out. */
  readonly only?: readonly string[];
  readonly rounds?: number;
  /** Few short rounds, to see that everything runs. */
  readonly quick: boolean;
  /** A line for the person who waits; never on stdout. */
  readonly note: (line: string) => void;
}

export type Format = 'table' | 'json' | 'markdown';

export interface Suite {
  readonly name: string;
  readonly about: string;
  readonly cases: readonly Named[];
  /** What to know to read the figures. */
  readonly legend: readonly string[];
  /** What an object of `--json` holds. */
  readonly jsonKeys: string;
  /** @throws UsageError for a name that is no case */
  readonly run: (options: MeasureOptions, format: Format, print: (text: string) => void) => Promise<void>;
}

export interface SuiteParts<M> extends Omit<Suite, 'run'> {
  /** Hands over every measurement as it is made, and returns lines that say on what they were made. */
  readonly measure: (
    options: MeasureOptions,
    onMeasured: (measurement: M) => void,
  ) => Promise<readonly string[]>;
  readonly jsonLine: (measurement: M) => string;
  readonly table: (measurements: readonly M[]) => string;
  readonly markdown: (about: readonly string[], measurements: readonly M[]) => string;
}

export const suiteOf = <M>({ measure, jsonLine, table, markdown, ...facts }: SuiteParts<M>): Suite => ({
  ...facts,
  run: async (options, format, print) => {
    const measurements: M[] = [];
    const about = await measure(options, (measurement) => {
      measurements.push(measurement);
      if (format === 'json') print(jsonLine(measurement));
    });
    if (format === 'table') print(`\n${table(measurements)}`);
    if (format === 'markdown') print(markdown(about, measurements));
  },
});

/** @throws UsageError for a name that is no case */
export const chosenFrom = <C extends Named>(
  cases: readonly C[],
  only: readonly string[] | undefined,
): readonly C[] => {
  const unknown = only?.find((name) => !cases.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new UsageError(`no case is named '${unknown}'; there are ${cases.map((c) => c.name).join(', ')}`);
  return only ? cases.filter((one) => only.includes(one.name)) : cases;
};
