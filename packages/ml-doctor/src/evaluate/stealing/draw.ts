/** How often the last copy and the baselines agree with the target in a resample, and how far their posteriors are off. */
import { type Judged, type Sample, same } from './sample.ts';

export interface Draw {
  readonly records: number;
  /** Records on which the last copy gives the target's answer. */
  readonly copy: number;
  /** The same of the baselines: the constant answer, which is not chosen again, and those of the sample. */
  readonly baselines: Float64Array;
  /** The most that a baseline agrees in this resample, or whoever always gives one answer, whichever that is. */
  readonly best: number;
  /** Mean divergence from the target: of the copies, then of the baselines of the sample. */
  readonly divergence: Float64Array;
}

/** Records that count the same: one answer of the target, and the same models agree with it. */
interface Cell {
  readonly answer: number;
  readonly copy: boolean;
  readonly baselines: readonly boolean[];
}

/** @returns draws from how often each record counts; the sum of `counts` is the number of records */
export function drawer(sample: Sample): (counts: Uint8Array) => Draw {
  const { target, constant, classes } = sample;
  const models: readonly Judged[] = [...sample.copies, ...sample.baselines];
  const { of, cells } = cellsOf(sample);
  return (counts) => {
    const weights = new Float64Array(cells.length);
    for (let i = 0; i < of.length; i++) weights[of[i]!]! += counts[i]!;
    const given = new Float64Array(classes.length);
    const baselines = new Float64Array(1 + sample.baselines.length);
    let copy = 0;
    cells.forEach((cell, c) => {
      const weight = weights[c]!;
      given[cell.answer]! += weight;
      if (cell.copy) copy += weight;
      cell.baselines.forEach((agrees, b) => {
        if (agrees) baselines[1 + b]! += weight;
      });
    });
    baselines[0] = given[constant]!;
    return {
      ...{ records: target.length, copy, baselines },
      best: Math.max(...given, ...baselines),
      divergence: Float64Array.from(models, ({ divergence }) => mean(divergence, counts)),
    };
  };
}

function mean(values: Float64Array, counts: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += counts[i]! * values[i]!;
  return sum / values.length;
}

/** Few, however many records: only those that occur. */
function cellsOf({ target, copies, baselines }: Sample): {
  readonly of: Uint32Array;
  readonly cells: readonly Cell[];
} {
  const places = new Map<string, number>();
  const cells: Cell[] = [];
  const last = copies.at(-1)!;
  const of = Uint32Array.from(target, (answer, i) => {
    const agree = baselines.map(({ answers }) => answers[i] === answer);
    const copy = last.answers[i] === answer;
    const key = [answer, copy, ...agree].join();
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, cells.length);
    return cells.push({ answer, copy, baselines: agree }) - 1;
  });
  return { of, cells };
}

/** Records on which each baseline agrees, parallel to `baselines` of a draw. */
export const agreeing = ({ target, constant, baselines }: Sample): readonly number[] => [
  same(target, constant),
  ...baselines.map(({ answers }) => same(target, answers)),
];
