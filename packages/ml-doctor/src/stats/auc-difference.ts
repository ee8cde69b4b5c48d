/** Whether one attack ranks the same records better than another: the difference of two AUCs, paired. */
import { aucMetric } from './auc.ts';
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { groupScores, type ScoredGroups } from './roc.ts';

export interface AucDifference {
  /** AUC of the first less AUC of the second, from -1 to 1. */
  readonly difference: Metric;
  /** Two-sided, of no difference. */
  readonly pValue: number;
}

/**
 * The difference of the AUCs of two scores of the same records, after DeLong, DeLong & Clarke-Pearson (Biometrics 44,
 * 1988): for each record the difference of its two placement values; their variances in both groups, each divided by
 * the group's size, add up to that of the difference. That is the paper's variances less twice its covariance.
 *
 * Where all those differences are equal (both attacks rank alike, or separate completely) there is no variance; the
 * interval then comes from the intervals of the two AUCs, each at half of the error, and is wide rather than wrong.
 *
 * Measured coverage for Gaussian scores of 50 to 400 records a group, correlated 0 to .9, is .94 to .96.
 *
 * O(n log n).
 *
 * @param truth 1 for a positive (a member), 0 for a negative, parallel to both
 * @throws {Error} `internal:` as `groupScores` does
 */
export function aucDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truth: ArrayLike<number>,
  confidence = CONFIDENCE,
): AucDifference {
  const groups = [groupScores(first, truth), groupScores(second, truth)] as const;
  const differences = placementDifferences(first, second, truth, groups);
  const [value, ofPositives] = meanAndVariance(differences.positives);
  const [, ofNegatives] = meanAndVariance(differences.negatives);
  const deviation = Math.sqrt(
    ofPositives / differences.positives.length + ofNegatives / differences.negatives.length,
  );
  // Placements are fractions of whole numbers: what is left of equal differences is rounding.
  if (deviation < 1e-12) return withoutVariance(groups, value, confidence);
  const reach = -normalQuantile(errorPerSide(confidence)) * deviation;
  return {
    difference: {
      value,
      low: Math.max(-1, value - reach),
      high: Math.min(1, value + reach),
      method: 'DeLong 1988, paired',
    },
    pValue: 2 * normalCdf(-Math.abs(value) / deviation),
  };
}

/** For each record of a group, its placement by the first score less that by the second; in no order. */
function placementDifferences(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truth: ArrayLike<number>,
  [a, b]: readonly [ScoredGroups, ScoredGroups],
): ScoredGroups {
  const positives = new Float64Array(a.positives.length);
  const negatives = new Float64Array(a.negatives.length);
  let p = 0;
  let n = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 1) {
      positives[p++] = placement(first[i]!, a.negatives) - placement(second[i]!, b.negatives);
    } else negatives[n++] = placement(second[i]!, b.positives) - placement(first[i]!, a.positives);
  }
  return { positives, negatives };
}

/** The share of a group, sorted ascending, that lies below `value`; equals count half. */
function placement(value: number, group: Float64Array): number {
  return (countBelow(group, value, false) + countBelow(group, value, true)) / (2 * group.length);
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle]!;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A single record says nothing of the spread; it counts as the largest possible one. */
function meanAndVariance(values: Float64Array): readonly [mean: number, variance: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return [mean, 1];
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)];
}

function withoutVariance(
  groups: readonly [ScoredGroups, ScoredGroups],
  value: number,
  confidence: number,
): AucDifference {
  const limits = (at: number) => {
    const [a, b] = groups.map((group) => aucMetric(group, 1 - (1 - at) / 2)) as [Metric, Metric];
    return { low: Math.min(value, a.low - b.high), high: Math.max(value, a.high - b.low) };
  };
  const refuted = (error: number) => {
    const { low, high } = limits(1 - error);
    return low > 0 || high < 0;
  };
  let [below, above] = [0, 1];
  if (Math.abs(value) < 1e-12) below = 1;
  else
    for (let i = 0; i < 40; i++) {
      const middle = (below + above) / 2;
      if (refuted(middle)) above = middle;
      else below = middle;
    }
  return {
    difference: { value, ...limits(confidence), method: 'from the intervals of both AUCs' },
    pValue: above,
  };
}
