/** What two figures have in common beyond a third: whether overfitting, say, is all that relates two attacks. */

import type { Metric } from '../../report/schema.ts';
import { partialWithInterval } from '../../stats/correlation/correlation-interval.ts';
import type { Quantity, Relation } from './relate.ts';

/**
 * Pearson's correlation of what a straight line on the third leaves of both, over the targets that have all three. The
 * third is itself measured, so a little of what it explains stays.
 *
 * @param seed of the bootstrap
 * @returns null where too few targets have all three, or nothing is left to correlate
 */
export function beyond({ points }: Relation, third: Quantity, seed = 0): Metric | null {
  const known = points.flatMap(({ target, x, y }) => {
    const z = third.of(target);
    return z === undefined ? [] : [{ x: x.value, y: y.value, z: z.value }];
  });
  const metric = partialWithInterval(
    known.map(({ x }) => x),
    known.map(({ y }) => y),
    known.map(({ z }) => z),
    seed,
  );
  return metric ?? null;
}
