/** The median of some values, and an interval for the median of what they were drawn from. */
import { binomialAtLeast } from './binomial.ts';
import { CONFIDENCE, errorPerSide, type Interval } from './metric.ts';

/** How {@link medianInterval} makes its interval, for a reader. */
export const ORDER_STATISTICS = 'order statistics (sign test)';

/** The value at a share of the way from the least to the most, 0 to 1, linear between neighbours. Of one value or more. */
export function quantileOf(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('internal: a quantile of no values');
  const sorted = ascending(values);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

export function median(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/**
 * From the k-th smallest to the k-th largest value, k being the largest for which fewer than k of n fair coins fall heads
 * with a chance of at most `(1 − confidence) / 2`. It covers the median of whatever the values were drawn from at least as
 * often as `confidence` says, if they were drawn independently.
 *
 * @returns undefined where even the least and the most are too close: of fewer than six values at 95 %
 */
export function medianInterval(values: readonly number[], confidence = CONFIDENCE): Interval | undefined {
  const n = values.length;
  const error = errorPerSide(confidence);
  let k = 0;
  while (1 - binomialAtLeast(k + 1, n, 0.5) <= error && 2 * (k + 1) <= n) k++;
  if (k === 0) return undefined;
  const sorted = ascending(values);
  return { low: sorted[k - 1]!, high: sorted[n - k]! };
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
