/**
 * The area under the ROC curve, exactly, and an interval that stays honest when the groups separate
 * completely.
 */
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { normalQuantile } from './normal.ts';
import type { ScoredGroups } from './roc.ts';

/**
 * P(positive > negative) + ½ P(positive = negative) over all pairs, the Mann-Whitney statistic.
 *
 * Counts are whole numbers of half pairs, so the only rounding is in the last division (up to 2^52 pairs).
 * O(n) on sorted groups.
 */
export function auc(groups: ScoredGroups): number {
  const { positives, negatives } = groups;
  let halfPairs = 0;
  forEachPlacement(positives, negatives, (below, equal) => {
    halfPairs += 2 * below + equal;
  });
  return halfPairs / (2 * positives.length * negatives.length);
}

/**
 * AUC with an interval after DeLong, DeLong & Clarke-Pearson (Biometrics 44, 1988), on the logit scale as
 * Pepe (2003) advises, which keeps it within [0, 1] and its coverage closer to nominal near the ends.
 *
 * Where that estimate collapses (the groups separate completely, or all scores are equal) the interval comes
 * from min(m, n) disjoint pairs instead: if a share q of all pairs differs from those seen, independent pairs
 * miss it with probability (1 - q)^min(m, n), whatever the distribution of the scores.
 *
 * Measured coverage for Gaussian scores is .93 to .98, falling to .90 where AUC > .99 or a group has 20
 * records or fewer.
 */
export function aucMetric(groups: ScoredGroups, confidence = CONFIDENCE): Metric {
  return stratifiedAucMetric([groups], confidence);
}

/**
 * The AUC over the pairs within each stratum, for scores that compare within a stratum only; its interval is that of
 * {@link aucMetric} with the strata's variances added up, so the strata must be independent, or each as good as
 * independent of those before it.
 *
 * @param strata at least one
 */
export function stratifiedAucMetric(strata: readonly ScoredGroups[], confidence = CONFIDENCE): Metric {
  const shares = pairShares(strata);
  let value = 0;
  let variance = 0;
  strata.forEach((groups, s) => {
    const own = auc(groups);
    value += shares[s]! * own;
    variance += shares[s]! ** 2 * delongVariance(groups, own);
  });
  const error = errorPerSide(confidence);
  const deviation = Math.sqrt(variance);
  if (deviation === 0 || value === 0 || value === 1) {
    const pairs = strata.reduce(
      (sum, { positives: p, negatives: n }) => sum + Math.min(p.length, n.length),
      0,
    );
    // The largest share of unseen pairs that is not refuted.
    const unseen = 1 - error ** (1 / pairs);
    const reach = value === 0.5 ? unseen / 2 : unseen;
    return {
      value,
      low: Math.max(0, value - reach),
      high: Math.min(1, value + reach),
      method: 'exact bound from disjoint pairs',
    };
  }
  const logit = Math.log(value / (1 - value));
  const reach = (-normalQuantile(error) * deviation) / (value * (1 - value));
  return {
    value,
    low: logistic(logit - reach),
    high: logistic(logit + reach),
    method: 'DeLong 1988, logit scale',
  };
}

/** The share that each stratum has of all pairs within strata. */
export function pairShares(strata: readonly ScoredGroups[]): readonly number[] {
  const pairs = strata.map(({ positives, negatives }) => positives.length * negatives.length);
  const all = pairs.reduce((sum, count) => sum + count, 0);
  return pairs.map((count) => count / all);
}

/** Variance of the AUC: that of the placement values of each group, divided by its size, added up. */
function delongVariance({ positives, negatives }: ScoredGroups, value: number): number {
  const ofPositives = placementVariance(positives, negatives, value);
  const ofNegatives = placementVariance(negatives, positives, 1 - value);
  return ofPositives / positives.length + ofNegatives / negatives.length;
}

/** A single record says nothing of the spread; it counts as the largest possible one. */
function placementVariance(group: Float64Array, others: Float64Array, mean: number): number {
  if (group.length === 1) return 0.25;
  let squares = 0;
  forEachPlacement(group, others, (below, equal) => {
    const difference = (below + equal / 2) / others.length - mean;
    squares += difference * difference;
  });
  return squares / (group.length - 1);
}

/**
 * For each value of `group`: how many of `others` lie below it, and how many are equal. Both sorted
 * ascending.
 */
function forEachPlacement(
  group: Float64Array,
  others: Float64Array,
  visit: (below: number, equal: number) => void,
): void {
  let below = 0;
  let notAbove = 0;
  for (const value of group) {
    while (below < others.length && others[below]! < value) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < others.length && others[notAbove]! <= value) notAbove++;
    visit(below, notAbove - below);
  }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
