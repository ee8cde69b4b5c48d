/**
 * Statistics of one answer of a model, in double precision: Shannon's entropy, and the modified entropy of Song &
 * Mittal (USENIX Security 2021), which looks at the label too. Both in nats, from a row of logits or log posteriors.
 */
import { argmax } from '../../../stats/argmax.ts';
import { crossEntropyLoss, expNegative, logOnePlus } from '../../../stats/log-posterior.ts';

/** Posteriors times their common sum: that of the largest is 1. */
interface Weighed {
  /** Where the largest logit is. */
  readonly best: number;
  readonly weights: Float64Array;
  /** Sum of all weights but the largest: what 1 minus the largest posterior loses to rounding. */
  readonly rest: number;
  /** 1 + rest. */
  readonly total: number;
}

const weigh = (row: ArrayLike<number>): Weighed => {
  const best = argmax(row);
  const top = row[best] as number;
  const weights = Float64Array.from(row, (z) => expNegative(z - top));
  let rest = 0;
  for (let j = 0; j < row.length; j++) if (j !== best) rest += weights[j] as number;
  return { best, weights, rest, total: 1 + rest };
};

/** −Σ p ln p, from 0 to ln(classes). */
export const entropy = (row: ArrayLike<number>): number => {
  const { best, weights, rest, total } = weigh(row);
  const leastLoss = logOnePlus(rest);
  let sum = leastLoss / total;
  for (let j = 0; j < row.length; j++) {
    const weight = weights[j] as number;
    // p ln p is 0 at p = 0.
    if (j === best || weight === 0) continue;
    sum += (weight / total) * ((row[best] as number) - (row[j] as number) + leastLoss);
  }
  return sum;
};

/**
 * Mentr = −(1 − p_y) ln p_y − Σ_{i≠y} p_i ln(1 − p_i), from 0, where the model is sure of the label, to infinity, where
 * the label's posterior, or 1 minus that of another class, is 0. Never by 1 − p: complements are sums of other weights.
 */
export const modifiedEntropy = (row: ArrayLike<number>, label: number): number => {
  const loss = crossEntropyLoss(row, label);
  if (loss === Number.POSITIVE_INFINITY) return loss;
  const weighed = weigh(row);
  const { best, weights, rest, total } = weighed;
  // The largest weight, 1, is among those left, so that this difference cancels nothing.
  const others = label === best ? rest : total - (weights[label] as number);
  let sum = (others / total) * loss;
  for (let i = 0; i < row.length; i++)
    if (i !== label) sum += ((weights[i] as number) / total) * complementLoss(row, i, weighed);
  return sum;
};

/** −ln(1 − p_i) = ln(1 + weight / sum of the other weights). */
const complementLoss = (
  row: ArrayLike<number>,
  i: number,
  { best, weights, rest, total }: Weighed,
): number => {
  const weight = weights[i] as number;
  if (i !== best) return logOnePlus(weight / (total - weight));
  // Where 1 / rest is still a double with all its digits.
  if (rest > 1e-290) return logOnePlus(1 / rest);
  const others = Array.from(row).filter((_, j) => j !== best);
  const next = argmax(others);
  // −ln Σ_{j≠i} p_j: from the logarithm of the largest of them, −(z_i − z_next), and its own share among them.
  return (row[best] as number) - (others[next] as number) - crossEntropyLoss(others, next);
};
