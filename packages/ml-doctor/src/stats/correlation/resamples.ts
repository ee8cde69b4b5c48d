/** Bootstrap resamples of points, and a figure of each. */

import { stream } from 'onnx-grad';
import { ascending } from '../mid-ranks.ts';

const RESAMPLES = 2000;

/**
 * A figure of resamples of `n` points, drawn with replacement, the same for the same seed.
 *
 * @param of the figure of a resample, from the places of its points; undefined where it has none
 * @returns as many as have the figure; undefined where half of them have not: the rest is no sample of anything
 */
export function resamples(
  n: number,
  seed: number,
  of: (places: Uint32Array) => number | undefined,
): readonly number[] | undefined {
  const places = new Uint32Array(RESAMPLES * n);
  stream(seed, 'correlation', 'bootstrap').integers(places, n);
  const found: number[] = [];
  for (let start = 0; start < places.length; start += n) {
    const figure = of(places.subarray(start, start + n));
    if (figure !== undefined) found.push(figure);
  }
  return found.length < RESAMPLES / 2 ? undefined : found;
}

/** From places to what is there, in an array that is filled anew every time. */
export type Picker = (places: Uint32Array) => Float64Array;

export function valuesAt(values: readonly number[]): Picker {
  const all = Float64Array.from(values);
  const picked = new Float64Array(all.length);
  return (places) => {
    for (let i = 0; i < places.length; i++) picked[i] = all[places[i] as number] as number;
    return picked;
  };
}

/** As `midRanks` of {@link valuesAt}, with nothing sorted but the values themselves. */
export function ranksAt(values: readonly number[]): Picker {
  const n = values.length;
  const order = ascending(values);
  const [times, ranks, picked] = [new Uint32Array(n), new Float64Array(n), new Float64Array(n)];
  return (places) => {
    times.fill(0);
    for (let i = 0; i < n; i++) times[places[i] as number] = (times[places[i] as number] as number) + 1;
    let below = 0;
    for (let start = 0; start < n; ) {
      let [end, equal] = [start, 0];
      for (; end < n && values[order[end] as number] === values[order[start] as number]; end++)
        equal += times[order[end] as number] as number;
      for (; start < end; start++) ranks[order[start] as number] = (below + equal / 2) / n;
      below += equal;
    }
    for (let i = 0; i < n; i++) picked[i] = ranks[places[i] as number] as number;
    return picked;
  };
}
