/** How many targets a correlation takes before it can be told. */

import { CONFIDENCE, errorPerSide } from '../metric.ts';
import { normalQuantile } from '../normal.ts';

/**
 * The least number of independent points whose 95 % interval reaches at most `reach` to its wider side, when the
 * correlation is `r`: by Fisher's z, whose standard error is 1/√(n − 3) (Fisher 1921).
 *
 * @param reach in (0, 1)
 * @param r in (−1, 1); 0 takes the most
 */
export function targetsFor(reach: number, r = 0): number {
  if (!(reach > 0 && reach < 1 && Math.abs(r) < 1))
    throw new Error(`internal: targets for a reach of ${reach} around ${r}`);
  const towardsZero = Math.abs(r) - reach;
  // The wider side is the one towards 0.
  const stretch = Math.atanh(Math.abs(r)) - Math.atanh(towardsZero);
  return Math.ceil((normalQuantile(1 - errorPerSide(CONFIDENCE)) / stretch) ** 2 + 3);
}
