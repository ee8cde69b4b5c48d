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
  let members = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new Error(`internal: score ${i} is NaN`);
    if (truth[i] !== 0 && truth[i] !== 1)
      throw new Error(`internal: truth ${i} is ${truth[i]}, neither 0 nor 1`);
    members += truth[i]!;
  }
  const positives = new Float64Array(members);
  const negatives = new Float64Array(scores.length - members);
  if (positives.length === 0 || negatives.length === 0) {
    throw new Error(`internal: ${positives.length} positives and ${negatives.length} negatives; need both`);
  }
  let p = 0;
  let n = 0;
  for (let i = 0; i < scores.length; i++) {
    if (truth[i] === 1) positives[p++] = scores[i]!;
    else negatives[n++] = scores[i]!;
  }
  return { positives: positives.sort(), negatives: negatives.sort() };
}

/** The empirical ROC curve, in O(n) from sorted groups. */
export function rocCurve({ positives, negatives }: ScoredGroups): Roc {
  const most = positives.length + negatives.length + 1;
  const thresholds = new Float64Array(most);
  const falsePositives = new Uint32Array(most);
  const truePositives = new Uint32Array(most);
  thresholds[0] = Number.POSITIVE_INFINITY;
  let steps = 1;
  let p = positives.length;
  let n = negatives.length;
  while (p > 0 || n > 0) {
    const threshold = Math.max(
      p > 0 ? positives[p - 1]! : Number.NEGATIVE_INFINITY,
      n > 0 ? negatives[n - 1]! : Number.NEGATIVE_INFINITY,
    );
    while (p > 0 && positives[p - 1] === threshold) p--;
    while (n > 0 && negatives[n - 1] === threshold) n--;
    thresholds[steps] = threshold;
    falsePositives[steps] = negatives.length - n;
    truePositives[steps] = positives.length - p;
    steps++;
  }
  return {
    thresholds: thresholds.slice(0, steps),
    falsePositives: falsePositives.slice(0, steps),
    truePositives: truePositives.slice(0, steps),
    negatives: negatives.length,
    positives: positives.length,
  };
}
