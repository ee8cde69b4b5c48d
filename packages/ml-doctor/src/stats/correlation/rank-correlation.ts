/** Spearman's correlation of many records, with an interval that takes no resampling. */

import type { Metric } from '../metric.ts';
import { spearman } from './correlation.ts';
import { fisherInterval } from './fisher-interval.ts';

/**
 * Spearman's rank correlation (Am. J. Psychol. 15, 1904), ties by their mean rank, with the interval of Bonett & Wright
 * (Psychometrika 65, 2000): normal on Fisher's scale with variance (1 + ρ²/2)/(n − 3).
 *
 * @returns undefined where one of the two does not vary, or for fewer than 4 records
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): Metric | undefined {
  const value = spearman(a, b);
  if (value === undefined || a.length < 4) return undefined;
  const error = Math.sqrt((1 + value ** 2 / 2) / (a.length - 3));
  return { value, ...fisherInterval(value, error), method: 'Bonett & Wright on Fisher’s scale, 95 %' };
}
