/** What a change means to whoever defends: better, worse, none, or too uncertain to tell, and how much of it there is. */

import { chanceOf } from '../../format.ts';
import type { Metric } from '../../schema.ts';
import { SAME } from '../changes.ts';

export interface Effect {
  /**
   * `undecided` where the interval of the change holds 0, or has an open end on the side that decides; `same` where the
   * defence touches nothing that the figure comes from.
   */
  readonly verdict: 'better' | 'worse' | 'undecided' | 'same';
  /** 1 to 3; of meaning only where better or worse. */
  readonly strength: 1 | 2 | 3;
}

/** Figures that fall as an attack gets better, and those of the model itself. */
const MORE_IS_BETTER: ReadonlySet<string> = new Set([
  'mse',
  'klDivergence',
  'meanAbsoluteError',
  'testAccuracy',
]);

/** Values for a guesser that stand in no table of one attack. */
const GUESSING: Readonly<Record<string, number>> = { epsilonLowerBound: 0, bestBalancedAccuracy: 0.5 };

/** Parts of an attack's edge over guessing, and points of accuracy, from which a change counts as more. */
const OF_EDGE = [1 / 3, 2 / 3] as const;
const OF_ACCURACY = [0.02, 0.05] as const;

/**
 * @param change defended less undefended
 * @param undefended the value without the defence, to hold the change against; unknown where it is no number
 */
export function effectOf(name: string, change: Metric, undefended = Number.NaN): Effect {
  const { value, low, high } = change;
  if (change.method === SAME) return { verdict: 'same', strength: 1 };
  const sign = low !== null && low > 0 ? 1 : high !== null && high < 0 ? -1 : 0;
  const wanted = MORE_IS_BETTER.has(name) ? 1 : -1;
  const strength = strengthOf(name, Math.abs(value), undefended);
  return { verdict: sign === 0 ? 'undecided' : sign === wanted ? 'better' : 'worse', strength };
}

function strengthOf(name: string, size: number, undefended: number): Effect['strength'] {
  const step = (part: number, [some, most]: readonly [number, number]) =>
    part >= most ? 3 : part >= some ? 2 : 1;
  if (name === 'testAccuracy') return step(size, OF_ACCURACY);
  const chance = GUESSING[name] ?? chanceOf(name);
  const edge = chance === undefined ? Number.NaN : undefended - chance;
  // Without an edge there is nothing that a part could be of.
  return edge > 0 ? step(size / edge, OF_EDGE) : 2;
}
