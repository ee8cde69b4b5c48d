/** One figure out of the same measurement under several seeds, with an interval for sampling and seeds together. */
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { studentTQuantile } from './student-t.ts';

export interface SeedSummary {
  /** The mean over seeds, for the figure expected of a new seed and on new records. */
  readonly mean: Metric;
  /**
   * Standard deviation of the values between seeds (n - 1 below); it holds what their sampling errors add, except
   * for records that they share. Null for a single seed, which tells nothing of it.
   */
  readonly spread: number | null;
  readonly seeds: number;
}

export interface SeedOptions {
  /**
   * The largest share of judged records that two seeds may have in common, 0 to 1. 1, the safe one, for seeds that
   * judge the same records; 0 only where every seed has records of its own.
   */
  readonly sharedRecords?: number;
  /** Where the figure can lie at all; limits beyond are cut off. A rate's by default. */
  readonly range?: readonly [least: number, most: number];
  /** Of the metrics given, and of the result. */
  readonly confidence?: number;
}

/**
 * Mean, spread and interval of one metric over seeds.
 *
 * The model: the value of seed s is μ + b_s + e_s. b_s is what the seed changes (training, splits), independent
 * between seeds, with variance τ². e_s is the error of judging on a sample of records, with the variance w² that the
 * metric's own interval states. Two seeds that have a share ρ of their records in common have errors with a
 * correlation of at most ρ, because the metrics here are, to first order, means over records. Then
 *
 *     Var(mean) = (τ² + (1 - ρ)w²)/k + ρw²,
 *
 * and the first part is what the values' variance S² over k estimates, with k - 1 degrees of freedom: S cannot show
 * an error that all seeds share, and the mean over seeds does not reduce it. So the reach on each side is
 * √(t²S²/k + ρr²), t being Student's and r² the mean of the squared reaches of the single intervals on that side:
 * independent margins of two parts combined as by Donner & Zou (Stat. Methods Med. Res. 21, 2012), exact where one of
 * the parts vanishes. It is never less than √((ρ + (1 - ρ)/k)r²), which sampling alone comes to: few seeds may agree
 * by chance.
 *
 * Assumed: b_s roughly normal (with few seeds this matters), and the single intervals honest. The coverage measured
 * with Gaussian scores, 2 to 10 seeds, shared or separate records, small or large τ, is .945 to .995, the higher figures for 2 and 3 seeds with little τ.
 *
 * A single seed keeps its own interval, which then says nothing of other seeds; `method` states it.
 *
 * @param metrics one per seed, all at the same confidence
 * @throws {Error} `internal:` without metrics, or when an option is out of range
 */
export function acrossSeeds(
  metrics: readonly Metric[],
  { sharedRecords = 1, range: [least, most] = [0, 1], confidence = CONFIDENCE }: SeedOptions = {},
): SeedSummary {
  const k = metrics.length;
  const [only] = metrics;
  if (only === undefined) throw new Error('internal: no metric of any seed');
  if (!(sharedRecords >= 0 && sharedRecords <= 1))
    throw new Error(`internal: a share of ${sharedRecords} of the records`);
  if (k === 1) {
    const method = `one seed, which tells nothing of others: ${only.method}`;
    return { mean: { ...only, method }, spread: null, seeds: 1 };
  }
  const value = meanOf(metrics.map((metric) => metric.value));
  const variance = metrics.reduce((sum, metric) => sum + (metric.value - value) ** 2, 0) / (k - 1);
  const t = studentTQuantile(1 - errorPerSide(confidence), k - 1);
  const reach = (single: (metric: Metric) => number): number => {
    const sampling = meanOf(metrics.map((metric) => single(metric) ** 2));
    const seedsAndSampling = (t * t * variance) / k + sharedRecords * sampling;
    return Math.sqrt(Math.max(seedsAndSampling, (sharedRecords + (1 - sharedRecords) / k) * sampling));
  };
  return {
    mean: {
      value,
      // A mean may be a rounding beyond the end that all its values are at.
      low: Math.min(value, Math.max(least, value - reach((metric) => metric.value - metric.low))),
      high: Math.max(value, Math.min(most, value + reach((metric) => metric.high - metric.value))),
      method: `Student t over ${k} seeds, with the sampling error they share`,
    },
    spread: Math.sqrt(variance),
    seeds: k,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
