/** Guesses from losses and slopes alone: the value that the trained model would change least, as of its own records. */
import { stream } from 'onnx-grad';
import type { Guesses } from '../../../data/guesses.ts';
import { expNegative } from '../../../stats/log-posterior.ts';
import type { Candidates } from './candidates.ts';
import type { Tried } from './try-candidates.ts';

export interface Decided extends Guesses {
  /** Records of which several values were alike, so that one was drawn. */
  readonly drawn: number;
}

/**
 * The candidate of the smallest gap, among equals the one of the smallest loss, among equals one drawn for the record by
 * its number. Beliefs are softmax(−loss): what the target's posterior of the label says of the values, none of them
 * being more frequent than another beforehand.
 */
export const decideCategory = (
  { gaps, losses }: Tried,
  ids: Uint32Array,
  count: number,
  seed: number,
): Decided => {
  const predicted = new Int32Array(ids.length);
  const beliefs = new Float64Array(losses.length);
  let drawn = 0;
  ids.forEach((id, i) => {
    const [ownGaps, own] = [gaps, losses].map((all) => all.subarray(i * count, (i + 1) * count)) as [
      Float64Array,
      Float64Array,
    ];
    const flat = smallest(ownGaps, own.keys());
    const best = smallest(own, flat);
    if (best.length > 1) drawn++;
    predicted[i] = oneOf(best, id, seed);
    const least = Math.min(...own);
    const weights = own.map((loss) => expNegative(least - loss));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    beliefs.set(
      weights.map((weight) => weight / total),
      i * count,
    );
  });
  return { predicted, beliefs, drawn };
};

/**
 * The candidate of the smallest loss, and from there, where the slope changes sign on the way downhill to the next
 * candidate, to where it is zero if it is linear in between: a step of the secant method.
 */
export const decideNumber = (
  { losses, slopes }: Tried,
  ids: Uint32Array,
  { values }: Pick<Candidates, 'values'>,
  seed: number,
): Decided => {
  const count = values.length;
  const predicted = new Float64Array(ids.length);
  let drawn = 0;
  ids.forEach((id, i) => {
    const own = losses.subarray(i * count, (i + 1) * count);
    const best = smallest(own, own.keys());
    if (best.length > 1) drawn++;
    const k = oneOf(best, id, seed);
    const slope = slopes[i * count + k] as number;
    const next = slope < 0 ? k + 1 : k - 1;
    const value = values[k] as number;
    const beyond = slopes[i * count + next] as number;
    const turns = slope !== 0 && next >= 0 && next < count && slope * beyond < 0;
    predicted[i] = turns ? value + (((values[next] as number) - value) * slope) / (slope - beyond) : value;
  });
  return { predicted, drawn };
};

/** Relative; sums of 32-bit numbers can differ by so much for their order alone. */
const ALIKE = 1e-6;

/** Those of the places with the smallest value, or one that is hardly to be told from it. No value is negative. */
const smallest = (values: Float64Array, places: Iterable<number>): readonly number[] => {
  const all = [...places];
  const least = Math.min(...all.map((place) => values[place] as number));
  return all.filter((place) => (values[place] as number) <= least * (1 + ALIKE));
};

const oneOf = (places: readonly number[], id: number, seed: number): number => {
  if (places.length === 1) return places[0] as number;
  const [drawn] = stream(seed, 'attribute/gradient', 'ties', id).integers(new Uint32Array(1), places.length);
  return places[drawn as number] as number;
};
