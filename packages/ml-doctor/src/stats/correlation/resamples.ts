/** Bootstrap resamples of points, and a figure of each. */

import { stream } from 'onnx-grad';

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
  const numbers = stream(seed, 'correlation', 'bootstrap');
  const places = new Uint32Array(n);
  const found: number[] = [];
  for (let b = 0; b < RESAMPLES; b++) {
    numbers.integers(places, n, b * n);
    const figure = of(places);
    if (figure !== undefined) found.push(figure);
  }
  return found.length < RESAMPLES / 2 ? undefined : found;
}
