/** The published direction of a change beside ours, where ours was measured pair by pair. */

import type { Metric } from '../../../report/schema.ts';
import type { Comparison, Published } from '../../figure.ts';
import { compareOrder, type Pair } from '../../published/compare-order.ts';

const NOTHING: Metric = { value: 0, low: 0, high: 0, method: 'what a change is held against' };

/**
 * By the rule of {@link compareOrder}, with the interval of the change itself: surer than one made of the two figures
 * apart, which are of the same records or classes.
 *
 * @param published the first less the second is what `change` is of
 */
export function compareChange(what: string, published: Pair<Published>, change: Metric): Comparison {
  return { ...compareOrder(what, published, { first: change, second: NOTHING }), ours: change };
}
