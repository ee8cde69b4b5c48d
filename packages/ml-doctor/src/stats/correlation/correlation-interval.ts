/** A correlation with its interval, from few points. */

import { CONFIDENCE, errorPerSide, type Metric } from '../metric.ts';
import { normalQuantile } from '../normal.ts';
import { studentTQuantile } from '../student-t.ts';
import { partialCorrelation, pearson, spearman } from './correlation.ts';
import { fisherInterval } from './fisher-interval.ts';
import { ranksAt, resamples, valuesAt } from './resamples.ts';

/** With fewer, intervals say next to nothing; of six points without a relation Pearson's reaches .98 to both sides. */
export const LEAST_POINTS = 6;

export const COEFFICIENTS = { pearson, spearman } as const;
export type Coefficient = keyof typeof COEFFICIENTS;

/** Of resamples that hold two different points, or all on a line: their z is infinite. */
const MOST = 0.9999;

/**
 * From bootstrap resamples of the points (Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993, §§12.3, 13.3), but
 * never narrower than points of a normal distribution would have it: few points may agree by chance, and then the
 * resamples agree too.
 *
 * - Pearson's: z(r) ± the larger of t·s and 1.96/√(n − 3), carried back by tanh. z is Fisher's transformation atanh r, s the
 *   standard deviation of z over the resamples, t Student's quantile with n − 2 degrees of freedom.
 * - Spearman's: the percentiles of the resamples, and the interval of Bonett & Wright (Psychometrika 65, 2000) where it
 *   reaches further. Resamples of points in perfect order are in perfect order, so that percentiles would have no width.
 *
 * Measured, of 95 %, with 12, 16 and 20 points, normal or with a long tail (e to the power of normal ones), and
 * correlations of 0, .5, −.8 and .95: Pearson's .94 to .99, Spearman's .96 to .99. With 6 and 8 points the intervals cover .96
 * and more; Pearson's is then wide. Each is the variant that kept its level everywhere. Of the others, with 12 points or
 * more: percentiles .88 to .93 for Pearson's (.29 with a long tail), BCa .91 to .94 (.56), Fisher's z alone .94 to .96
 * (.73), t·s alone .94 to .97 (.71), bootstrap-t .92 to .95 (.70); for Spearman's percentiles alone .48 of 6 points whose
 * correlation is .99.
 *
 * Points are taken to be independent. Targets that share data sets or architectures are less than that, and then the
 * interval is narrower than it should be.
 *
 * @returns undefined where the points have no such correlation, or are fewer than {@link LEAST_POINTS}
 */
export function correlationWithInterval(
  x: readonly number[],
  y: readonly number[],
  coefficient: Coefficient,
  seed: number,
): Metric | undefined {
  const n = x.length;
  if (n !== y.length) throw new Error(`internal: ${n} and ${y.length} values to correlate`);
  const value = n < LEAST_POINTS ? undefined : COEFFICIENTS[coefficient](x, y);
  if (value === undefined) return undefined;
  const at = coefficient === 'pearson' ? valuesAt : ranksAt;
  const [xOf, yOf] = [at(x), at(y)];
  const resampled = resamples(n, seed, (places) => pearson(xOf(places), yOf(places)));
  if (resampled === undefined) return undefined;
  return around(
    value,
    coefficient === 'pearson' ? onFishersScale(value, resampled, n) : ofRanks(value, resampled, n),
    n,
  );
}

/**
 * What two figures have in common beyond a third: {@link partialCorrelation}, with the interval of Pearson's for a point less
 * (Fisher 1924). Measured with normal points as above: .96 to 1.
 *
 * @returns undefined where the points have no such correlation, or are fewer than {@link LEAST_POINTS}
 */
export function partialWithInterval(
  x: readonly number[],
  y: readonly number[],
  given: readonly number[],
  seed: number,
): Metric | undefined {
  const n = x.length;
  const value = n < LEAST_POINTS ? undefined : partialCorrelation(x, y, given);
  if (value === undefined) return undefined;
  const [xOf, yOf, givenOf] = [valuesAt(x), valuesAt(y), valuesAt(given)];
  const resampled = resamples(n, seed, (places) =>
    partialCorrelation(xOf(places), yOf(places), givenOf(places)),
  );
  return resampled && around(value, onFishersScale(value, resampled, n - 1), n);
}

interface Limits {
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

const around = (value: number, { low, high, method }: Limits, n: number): Metric => ({
  value,
  low: Math.max(-1, Math.min(value, low)),
  high: Math.min(1, Math.max(value, high)),
  method: `${method}, ${n} points`,
});

function onFishersScale(value: number, resampled: readonly number[], n: number): Limits {
  const z = resampled.map(fisherZ);
  const mean = z.reduce((sum, one) => sum + one, 0) / z.length;
  const deviation = Math.sqrt(z.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (z.length - 1));
  const tail = 1 - errorPerSide(CONFIDENCE);
  const reach = Math.max(studentTQuantile(tail, n - 2) * deviation, normalQuantile(tail) / Math.sqrt(n - 3));
  const at = fisherZ(value);
  const method = "Fisher's z with the bootstrap's standard error and Student t, at least that of normal data";
  return { low: Math.tanh(at - reach), high: Math.tanh(at + reach), method };
}

function ofRanks(value: number, resampled: readonly number[], n: number): Limits {
  const sorted = [...resampled].sort((a, b) => a - b);
  const cut = Math.floor(errorPerSide(CONFIDENCE) * sorted.length);
  // Half of the way from perfect order to the next that there is: beyond it a correlation cannot be told from ±1.
  const most = 1 - 6 / (n * (n * n - 1));
  const told = Math.max(-most, Math.min(most, value));
  const normal = fisherInterval(told, Math.sqrt((1 + told ** 2 / 2) / (n - 3)));
  return {
    low: Math.min(sorted[cut] as number, normal.low),
    high: Math.max(sorted[sorted.length - 1 - cut] as number, normal.high),
    method: 'percentile bootstrap, at least Bonett & Wright’s interval',
  };
}

/** Fisher's z of a correlation; of ±1, and of what is nearer to it than {@link MOST}, as of that. */
export const fisherZ = (r: number): number => Math.atanh(Math.max(-MOST, Math.min(MOST, r)));
