/** A figure of the three sides, and its bar. */
import { median } from '../engine/measure.ts';

/** Ours; PyTorch in one process with two threads; in two processes with a thread each. */
export const sides = ['ours', 'torchThreads', 'torchProcesses'] as const;
export type SideName = (typeof sides)[number];

export interface Figure {
  /** The case. */
  readonly name: string;
  readonly what: string;
  readonly unit: 's' | '%' | '';
  /** One value a round; none for a side that could not be run. */
  readonly values: Readonly<Record<SideName, readonly number[]>>;
  /** Ours to the better of PyTorch's, round by round. */
  readonly ratios?: readonly number[];
  /** The largest median that is good enough: of the ratios where there are some, otherwise of ours. */
  readonly bar?: number;
}

/** Whether the figure is within its bar; null where it has none, or what it is for was not measured. */
export const verdict = ({ values, ratios, bar }: Figure): boolean | null => {
  const judged = ratios ?? values.ours;
  return bar === undefined || judged.length === 0 ? null : median(judged) <= bar;
};
