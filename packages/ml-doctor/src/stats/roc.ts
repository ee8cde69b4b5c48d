/**
 * The ROC curve as counts: one step per distinct score, so records with equal scores are never told apart.
 */

/** Scores of two groups, higher meaning "more likely a member". Sorted ascending. */
export interface ScoredGroups {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** Parallel arrays over the rules "member when score ≥ threshold", from none called a member to all. */
export interface Roc {
  /** +Infinity, then each distinct score, descending. */
  readonly thresholds: Float64Array;
  readonly falsePositives: Uint32Array;
  readonly truePositives: Uint32Array;
  /** Number of negative and of positive records; divide by them to get rates. */
  readonly negatives: number;
  readonly positives: number;
}

/**
 * Splits scores by truth and sorts each group.
 *
 * @param truth 1 for a positive (a member), 0 for a negative, parallel to `scores`
 * @throws {Error} `internal:` when lengths differ, a score is NaN, a truth is neither 0 nor 1, or a group is
 * empty
 */
export function groupScores(scores: ArrayLike<number>, truth: ArrayLike<number>): ScoredGroups {
  if (scores.length !== truth.length) {
    throw new Error(`internal: ${scores.length} scores for ${truth.length} truths`);
  }
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (Number.isNaN(score)) throw new Error(`internal: score ${i} is NaN`);
    if (truth[i] === 1) positives.push(score);
    else if (truth[i] === 0) negatives.push(score);
    else throw new Error(`internal: truth ${i} is ${truth[i]}, neither 0 nor 1`);
  }
  if (positives.length === 0 || negatives.length === 0) {
    throw new Error(`internal: ${positives.length} positives and ${negatives.length} negatives; need both`);
  }
  return { positives: Float64Array.from(positives).sort(), negatives: Float64Array.from(negatives).sort() };
}

/** The empirical ROC curve, in O(n) from sorted groups. */
export function rocCurve({ positives, negatives }: ScoredGroups): Roc {
  const thresholds = [Number.POSITIVE_INFINITY];
  const falsePositives = [0];
  const truePositives = [0];
  let p = positives.length;
  let n = negatives.length;
  while (p > 0 || n > 0) {
    const threshold = Math.max(
      positives[p - 1] ?? Number.NEGATIVE_INFINITY,
      negatives[n - 1] ?? Number.NEGATIVE_INFINITY,
    );
    while (p > 0 && positives[p - 1] === threshold) p--;
    while (n > 0 && negatives[n - 1] === threshold) n--;
    thresholds.push(threshold);
    falsePositives.push(negatives.length - n);
    truePositives.push(positives.length - p);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    falsePositives: Uint32Array.from(falsePositives),
    truePositives: Uint32Array.from(truePositives),
    negatives: negatives.length,
    positives: positives.length,
  };
}
