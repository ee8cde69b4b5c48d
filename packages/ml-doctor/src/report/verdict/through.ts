/** The verdict on an attack that was made on a stolen copy: what it found stands, and what to do is another thing. */

import { queryCount } from '../format.ts';
import type { Through, Verdict } from '../schema.ts';
import { levelRank } from './verdict.ts';

const TRAIN =
  'Train the model so that it keeps less of single records (fewer epochs, more data, regularisation, differential privacy): what its answers do not hold, no copy shows.';

/**
 * The same finding with advice of its own. What helps against somebody with the weights does not help here, as nobody gave
 * them away, and showing labels only does not stop a copy.
 */
export function verdictThrough(verdict: Verdict, { attack, queries }: Through): Verdict {
  const theft = `This attack reads a copy that ${queryCount(queries)} bought: deal with the theft first, as advised for ${attack}.`;
  const found = levelRank(verdict.level) >= levelRank('low');
  return { ...verdict, advice: found ? [theft, TRAIN] : verdict.advice };
}
