/** The difference of any two figures, from their own intervals alone. */
import type { Interval } from './metric.ts';

/** A figure with its limits; an end that is not bounded is −∞ or ∞. */
export interface Limited extends Interval {
  readonly value: number;
}

/** How {@link moverDifference} makes its interval, for a reader. */
export const MOVER = 'square-and-add of the two intervals (MOVER)';

/**
 * `a` − `b` by the method of variance estimates recovery (Zou & Donner, Statistics in Medicine 27, 2008, eq. 4): the
 * distances from values to limits are squared and added, each from the side that the limit of the difference lies on.
 * Skewed intervals stay skewed. It is for independent figures, and too wide, never too narrow, for such as rise and
 * fall together, as two figures of the same records do.
 *
 * @param range where a difference can lie; limits beyond are cut off
 * @returns with ±∞ for an end that one of the two leaves open
 */
export function moverDifference(
  a: Limited,
  b: Limited,
  [least, most]: readonly [least: number, most: number] = [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ],
): Limited {
  const value = a.value - b.value;
  return {
    value,
    low: Math.min(value, Math.max(least, value - Math.hypot(a.value - a.low, b.high - b.value))),
    high: Math.max(value, Math.min(most, value + Math.hypot(a.high - a.value, b.value - b.low))),
  };
}
