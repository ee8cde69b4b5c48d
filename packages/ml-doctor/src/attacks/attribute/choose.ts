/** From weights of candidates to a guess: the largest, ties broken without favour, or the weighted median. */
import { stream } from 'onnx-grad';

/** Whether two values that are not negative, and may be infinite, differ by no more than a share of the second. */
export const near = (value: number, other: number, tolerance: number): boolean =>
  value === other || Math.abs(value - other) < tolerance * other;

/** Places of the largest value and of those that are near it. */
export const largestPlaces = (values: readonly number[], tolerance: number): readonly number[] =>
  placesNear(values, Math.max(...values), tolerance);

/** Places of the smallest value and of those that are near it. */
export const smallestPlaces = (values: readonly number[], tolerance: number): readonly number[] =>
  placesNear(values, Math.min(...values), tolerance);

const placesNear = (values: readonly number[], best: number, tolerance: number): readonly number[] =>
  values.flatMap((value, i) => (near(value, best, tolerance) ? [i] : []));

/** One of the places, drawn with equal chances by the record's id: a tie must not favour the first category. */
export const drawn = (places: readonly number[], seed: number, id: number): number => {
  const [only] = places as readonly [number];
  if (places.length === 1) return only;
  const [pick] = stream(seed, 'ties', id).integers(new Uint32Array(1), places.length);
  return places[pick as number] as number;
};

/** Divided by their sum; all alike when that is 0. */
export const normalised = (weights: Float64Array): Float64Array => {
  const total = weights.reduce((a, b) => a + b, 0);
  return total > 0 ? weights.map((w) => w / total) : weights.map(() => 1 / weights.length);
};

/**
 * The first of the ascending values at which half of the weight is reached: no other value has a smaller expected
 * absolute error.
 */
export const weightedMedian = (values: readonly number[], weights: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  let sum = 0;
  for (let i = 0; i < values.length - 1; i++) {
    sum += weights[i] as number;
    if (sum >= total / 2) return values[i] as number;
  }
  return values[values.length - 1] as number;
};
