/** What a case of the study suite is and what it reports. */

/** The largest, or the smallest, median that is good enough. */
export type Bar = { readonly most: number } | { readonly least: number };

export interface Figure {
  /** The case. */
  readonly name: string;
  readonly what: string;
  readonly unit: 's' | 'ms' | 'MiB' | 'a second' | 'times' | 'tasks';
  /** One value a round, in the order they were measured; none where it cannot be measured here. */
  readonly values: readonly number[];
  readonly bar?: Bar;
  /** Why there is no value, or what else to know. */
  readonly remark?: string;
}

export interface Bench {
  /** Rounds that were asked for; each case has its own number. */
  readonly rounds: number | undefined;
  /** A small part of the work, to see that everything runs. */
  readonly quick: boolean;
  /** A line for the person who waits; never on stdout. */
  readonly note: (line: string) => void;
}

export interface StudyCase {
  readonly name: string;
  /** What is measured, in one line. */
  readonly about: string;
  readonly run: (bench: Bench) => Promise<readonly Figure[]>;
}

/** How often a case is measured. */
export const roundsOf = ({ rounds, quick }: Bench, usual: number): number => rounds ?? (quick ? 1 : usual);
