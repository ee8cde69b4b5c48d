/** Precision of Shokri et al.'s attack where the shadow models learn from worse data, as its text has it. */

import type { Published } from '../../figure.ts';
import { printed } from '../provenance.ts';

const WHERE = 'the text';

/** Bits of the attacker's records flipped with this chance. */
export const LOCATION_NOISE: Readonly<Record<0 | 10 | 20, Published>> = {
  0: printed(0.678, 3, WHERE),
  10: printed(0.666, 3, WHERE),
  20: printed(0.613, 3, WHERE),
};

/**
 * Records drawn feature by feature from their marginals, and records that the target itself was asked for (Algorithm 1);
 * of the latter some small classes have a precision below .1.
 */
export const PURCHASE_100_MADE_UP: Readonly<Record<'real' | 'marginals' | 'synthetic', Published>> = {
  real: printed(0.935, 3, WHERE),
  marginals: printed(0.795, 3, WHERE),
  synthetic: printed(0.896, 3, WHERE),
};

/** Queries of the target that one record of Algorithm 1 costs, on average. */
export const QUERIES_A_RECORD: Published = printed(156, 0, WHERE);
