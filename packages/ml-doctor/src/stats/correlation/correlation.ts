/** Correlation of two figures over the same things: Pearson's, Spearman's, and what a third leaves of it. */

import { midRanks } from '../mid-ranks.ts';

/** Of the largest value: what sums of a few figures may be off. */
const ROUNDING = 1e-12;

/**
 * Pearson's product-moment correlation; undefined where a side does not vary, or for fewer than two points.
 * @param x parallel to `y`, finite
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const n = x.length;
  if (n < 2) return undefined;
  const [mx, my] = [meanOf(x), meanOf(y)];
  let [xx, yy, xy, xMost, yMost] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [(x[i] as number) - mx, (y[i] as number) - my];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
    xMost = Math.max(xMost, Math.abs(x[i] as number));
    yMost = Math.max(yMost, Math.abs(y[i] as number));
  }
  // What differs by roundings alone, as .9 − .2 and .8 − .1 do, is the same: a correlation would be of nothing else.
  if (!(xx > n * (ROUNDING * xMost) ** 2 && yy > n * (ROUNDING * yMost) ** 2)) return undefined;
  const r = xy / Math.sqrt(xx * yy);
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : undefined;
}

/** Spearman's rank correlation: Pearson's of the ranks, ties having the mean of theirs. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  return pearson(midRanks(x), midRanks(y));
}

/**
 * Pearson's of what least squares on `given` leave of both (Yule 1907): what they have in common beyond it. Undefined where
 * a side does not vary, or follows from `given` alone.
 */
export function partialCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  given: ArrayLike<number>,
): number | undefined {
  const [xy, xz, yz] = [pearson(x, y), pearson(x, given), pearson(y, given)];
  if (xy === undefined || xz === undefined || yz === undefined) return undefined;
  const left = (1 - xz * xz) * (1 - yz * yz);
  return left > ROUNDING ? Math.max(-1, Math.min(1, (xy - xz * yz) / Math.sqrt(left))) : undefined;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
