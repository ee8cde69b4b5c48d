/** Correlation of two figures over the same things: Pearson's, Spearman's. */

import { midRanks } from '../mid-ranks.ts';

/**
 * Pearson's product-moment correlation; undefined where a side does not vary, or for fewer than two points.
 * @param x parallel to `y`, finite
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const n = x.length;
  if (n < 2) return undefined;
  const [mx, my] = [meanOf(x), meanOf(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [(x[i] as number) - mx, (y[i] as number) - my];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  // Equal values have a mean that may be a rounding away from them.
  if (!varies(x) || !varies(y)) return undefined;
  const r = xy / Math.sqrt(xx * yy);
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : undefined;
}

/** Spearman's rank correlation: Pearson's of the ranks, ties having the mean of theirs. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  return pearson(midRanks(x), midRanks(y));
}

function varies(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return true;
  return false;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
