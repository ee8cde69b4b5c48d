/** What a benchmark case is and what it reports. */
import type { Tensor } from 'onnx-grad';
import type { Effort } from './measure.ts';

export interface Measurement {
  readonly name: string;
  readonly threads: number;
  /** Median, ms per step. */
  readonly oursMs: number;
  readonly oursFastestMs: number;
  /** Null where there is no PyTorch, or nothing to compare with. */
  readonly torchMs: number | null;
  readonly torchFastestMs: number | null;
  /** What the bar is about; null when it could not be measured. */
  readonly ratio: number | null;
  /** How far apart the ratios of single rounds lie: their quartiles. */
  readonly ratioQuartiles?: readonly [number, number];
  /** The largest ratio that is good enough; null where there is no bar. */
  readonly bar: number | null;
  /** The same for a second ratio: a private step to our own plain one. */
  readonly ownRatio?: number;
  readonly ownBar?: number | null;
  /** The second ratio without drawing the noise: clipping alone. */
  readonly ownRatioNoiseGiven?: number;
}

export interface Bench {
  readonly effort: Effort;
  /** Few short rounds, to see that everything runs. */
  readonly quick: boolean;
  /** Whether PyTorch is there. */
  readonly torch: boolean;
  /** A line for the person who waits; never on stdout. */
  readonly note: (line: string) => void;
}

export interface EngineCase {
  readonly name: string;
  /** What is measured, in one line. */
  readonly about: string;
  readonly run: (bench: Bench) => Promise<readonly Measurement[]>;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** Pairs of numbers of the tensors named in `theirs`. */
const compare = (mine: Tensors, theirs: Tensors, name: string, see: (a: number, b: number) => void): void => {
  const a = mine[name]?.data as Float32Array | undefined;
  const b = theirs[name]?.data as Float32Array;
  if (a?.length !== b.length) throw new Error(`internal: '${name}' has no counterpart of its size`);
  for (let i = 0; i < a.length; i++) see(a[i] as number, b[i] as number);
};

/** A NaN must not pass for agreement: it wins over every number. */
const larger = (a: number, b: number): number => (a >= b ? a : b >= a ? b : Number.NaN);

/** Largest absolute difference over the tensors of `theirs`. */
export const largestDifference = (mine: Tensors, theirs: Tensors): number => {
  let largest = 0;
  for (const name of Object.keys(theirs))
    compare(mine, theirs, name, (a, b) => {
      largest = larger(largest, Math.abs(a - b));
    });
  return largest;
};

/** Largest over the tensors of ‖mine − theirs‖ / ‖theirs‖. */
export const relativeDifference = (mine: Tensors, theirs: Tensors): number =>
  Object.keys(theirs).reduce((largest, name) => {
    let [difference, size] = [0, 0];
    compare(mine, theirs, name, (a, b) => {
      difference += (a - b) ** 2;
      size += b ** 2;
    });
    return larger(largest, Math.sqrt(difference / size));
  }, 0);

/** Note the difference, and refuse to time two computations that differ. */
export const expectSame = (
  bench: Pick<Bench, 'note'>,
  what: string,
  difference: number,
  most: number,
): void => {
  const verdict = difference <= most ? 'same' : 'DIFFERENT';
  bench.note(
    `  check: ${what} differ by ${difference.toExponential(1)} (at most ${most.toExponential(0)}): ${verdict}`,
  );
  if (!(difference <= most)) throw new Error(`${what} differ by ${difference}: not the same computation`);
};
