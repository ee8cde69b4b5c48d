/** Thresholds chosen on scores of known membership: one for all records, or one for each class. */

/** Scores of records, and their classes. No score is NaN. */
export interface LabelledScores {
  readonly scores: Float64Array;
  /** Class indices, parallel to the scores. */
  readonly labels: Int32Array;
}

export interface ClassThresholds {
  /** Finite, one a class. */
  readonly thresholds: Float64Array;
  /** Classes that had no members or no non-members, and so were given the threshold of all records together. */
  readonly borrowed: readonly number[];
}

/**
 * The threshold t that maximises the balanced accuracy of "member when score ≥ t" on scores of known membership;
 * of equally good ones the highest, which accuses fewest. Infinite where nothing beats accusing nobody. No score is NaN.
 */
export const bestThreshold = (members: Float64Array, nonMembers: Float64Array): number => {
  const m = members.slice().sort();
  const n = nonMembers.slice().sort();
  let best = Number.POSITIVE_INFINITY;
  let bestGain = 0;
  // From high to low: accepted members and non-members grow together; a tie is passed in one step.
  let i = m.length;
  let j = n.length;
  while (i > 0 || j > 0) {
    const t = Math.max(i > 0 ? (m[i - 1] as number) : -Infinity, j > 0 ? (n[j - 1] as number) : -Infinity);
    while (i > 0 && (m[i - 1] as number) === t) i--;
    while (j > 0 && (n[j - 1] as number) === t) j--;
    // The difference of the two rates, over the common denominator: whole numbers, so that equal means equal.
    const gain = (m.length - i) * n.length - (n.length - j) * m.length;
    if (gain > bestGain) {
      bestGain = gain;
      best = t;
    }
  }
  return best;
};

/**
 * The best threshold of each class, chosen on the records of that class alone. A class without members or without
 * non-members borrows the threshold of all records together. Where nothing beats accusing nobody, the threshold is the
 * next double above the highest score seen, so that scores can be taken relative to it. Scores are finite.
 */
export const classThresholds = (
  members: LabelledScores,
  nonMembers: LabelledScores,
  classes: number,
): ClassThresholds => {
  const overall = finiteThreshold(members.scores, nonMembers.scores);
  const borrowed: number[] = [];
  const thresholds = Float64Array.from({ length: classes }, (_, label) => {
    const [m, n] = [scoresOf(members, label), scoresOf(nonMembers, label)];
    if (m.length > 0 && n.length > 0) return finiteThreshold(m, n);
    borrowed.push(label);
    return overall;
  });
  return { thresholds, borrowed };
};

const scoresOf = ({ scores, labels }: LabelledScores, label: number): Float64Array =>
  scores.filter((_, i) => labels[i] === label);

const finiteThreshold = (members: Float64Array, nonMembers: Float64Array): number => {
  const best = bestThreshold(members, nonMembers);
  if (best !== Number.POSITIVE_INFINITY) return best;
  let highest = -Number.MAX_VALUE;
  for (const score of members) highest = Math.max(highest, score);
  for (const score of nonMembers) highest = Math.max(highest, score);
  return nextAbove(highest);
};

/** The next double above a finite one; doubles in order have consecutive bits. */
const nextAbove = (x: number): number => {
  if (x === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] = (bits[0] as bigint) + (x > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0] as number;
};
