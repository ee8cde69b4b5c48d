/** Guesses from losses and slopes alone: the value that the trained model would change least, as of its own records. */
import type { Guesses } from '../../../data/guesses.ts';
import { expNegative } from '../../../stats/log-posterior.ts';
import { drawn, normalised, smallestPlaces } from '../choose.ts';
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
  let alike = 0;
  ids.forEach((id, i) => {
    const [ownGaps, own] = [gaps, losses].map((all) => all.subarray(i * count, (i + 1) * count)) as [
      Float64Array,
      Float64Array,
    ];
    const flat = smallestPlaces([...ownGaps], ALIKE);
    const there = flat.map((place) => own[place] as number);
    const best = smallestPlaces(there, ALIKE).map((place) => flat[place] as number);
    if (best.length > 1) alike++;
    predicted[i] = drawn(best, seed, id);
    const least = Math.min(...own);
    beliefs.set(normalised(own.map((loss) => expNegative(least - loss))), i * count);
  });
  return { predicted, beliefs, drawn: alike };
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
  let alike = 0;
  ids.forEach((id, i) => {
    const own = losses.subarray(i * count, (i + 1) * count);
    const best = smallestPlaces([...own], ALIKE);
    if (best.length > 1) alike++;
    const k = drawn(best, seed, id);
    const slope = slopes[i * count + k] as number;
    const next = slope < 0 ? k + 1 : k - 1;
    const value = values[k] as number;
    const beyond = slopes[i * count + next] as number;
    const turns = slope !== 0 && next >= 0 && next < count && slope * beyond < 0;
    predicted[i] = turns ? value + (((values[next] as number) - value) * slope) / (slope - beyond) : value;
  });
  return { predicted, drawn: alike };
};

/** Relative; sums of 32-bit numbers can differ by so much for their order alone. */
const ALIKE = 1e-6;
