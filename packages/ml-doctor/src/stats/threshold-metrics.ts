/**
 * Accuracy, precision, recall and their kin for one rule "member when score ≥ threshold", each with an
 * interval.
 */
import { clopperPearson } from './binomial.ts';
import { CONFIDENCE, type Interval, type Metric } from './metric.ts';

/** How a rule decided on `positives` and `negatives` records. */
export interface Decisions {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly positives: number;
  readonly negatives: number;
}

export type ThresholdMetricName = 'balancedAccuracy' | 'accuracy' | 'precision' | 'recall' | 'f1';

/**
 * "The metric is at least v" written as a·TPR ≥ b·FPR + c; a and b are not negative. With `m` positives and
 * `n` negatives.
 */
type AtLeast = (
  v: number,
  m: number,
  n: number,
) => { readonly a: number; readonly b: number; readonly c: number };

const METRICS: { readonly [Name in ThresholdMetricName]: AtLeast } = {
  balancedAccuracy: (v) => ({ a: 1, b: 1, c: 2 * v - 1 }),
  accuracy: (v, m, n) => ({ a: m, b: n, c: v * (m + n) - n }),
  precision: (v, m, n) => ({ a: (1 - v) * m, b: v * n, c: 0 }),
  recall: (v) => ({ a: 1, b: 0, c: v }),
  f1: (v, m, n) => ({ a: (2 - v) * m, b: v * n, c: v * m }),
};

/**
 * Counts the decisions of the rule "member when score ≥ threshold"; `truth` is 1 for a member, 0 otherwise.
 */
export function decide(scores: ArrayLike<number>, truth: ArrayLike<number>, threshold: number): Decisions {
  const counts = { truePositives: 0, falsePositives: 0, positives: 0, negatives: 0 };
  for (let i = 0; i < scores.length; i++) {
    const called = scores[i]! >= threshold ? 1 : 0;
    if (truth[i] === 1) {
      counts.positives++;
      counts.truePositives += called;
    } else {
      counts.negatives++;
      counts.falsePositives += called;
    }
  }
  return counts;
}

/**
 * The metrics of a rule fixed in advance; `precision` is absent when the rule calls nobody a member.
 *
 * The two rates are independent proportions, each with a Clopper-Pearson interval. A metric combines them by
 * the method of variance estimates recovery (Donner & Zou, Stat. Methods Med. Res. 21, 2012): for every value
 * v, the limits of a·TPR - b·FPR - c decide whether v is compatible with the counts. `accuracy`, `precision`
 * and `f1` hold for the mix of members and non-members that was evaluated.
 */
export function thresholdMetrics(
  decisions: Decisions,
  confidence = CONFIDENCE,
): { readonly [Name in ThresholdMetricName]?: Metric } {
  const { truePositives, falsePositives, positives, negatives } = decisions;
  const tpr: Rate = {
    value: truePositives / positives,
    ...clopperPearson(truePositives, positives, confidence),
  };
  const fpr: Rate = {
    value: falsePositives / negatives,
    ...clopperPearson(falsePositives, negatives, confidence),
  };
  const metric = (name: ThresholdMetricName, value: number): Metric => {
    const limits = recoverLimits((v) => METRICS[name](v, positives, negatives), tpr, fpr);
    // Bisection ends within 1e-12 of the limit, which at 0 or 1 could be on the wrong side of the value.
    return {
      value,
      low: Math.min(limits.low, value),
      high: Math.max(limits.high, value),
      method: name === 'recall' ? 'Clopper-Pearson' : 'MOVER of Clopper-Pearson limits',
    };
  };
  const called = truePositives + falsePositives;
  return {
    balancedAccuracy: metric('balancedAccuracy', (tpr.value + 1 - fpr.value) / 2),
    accuracy: metric('accuracy', (truePositives + negatives - falsePositives) / (positives + negatives)),
    ...(called > 0 && { precision: metric('precision', truePositives / called) }),
    recall: metric('recall', tpr.value),
    f1: metric('f1', (2 * truePositives) / (called + positives)),
  };
}

interface Rate extends Interval {
  readonly value: number;
}

/**
 * All v for which 0 lies between the recovered limits of a(v)·TPR - b(v)·FPR - c(v), which falls as v grows.
 */
function recoverLimits(
  coefficients: (v: number) => { readonly a: number; readonly b: number; readonly c: number },
  tpr: Rate,
  fpr: Rate,
): Interval {
  const excess = (v: number, towards: 'low' | 'high'): number => {
    const { a, b, c } = coefficients(v);
    const [t, f, sign] = towards === 'low' ? [tpr.low, fpr.high, -1] : [tpr.high, fpr.low, 1];
    const centre = a * tpr.value - b * fpr.value - c;
    return centre + sign * Math.hypot(a * (t - tpr.value), b * (f - fpr.value));
  };
  return {
    low: rootOf((v) => excess(v, 'low')),
    high: rootOf((v) => excess(v, 'high')),
  };
}

/** Where a function that falls on [0, 1] crosses 0, or the end it does not cross before. */
function rootOf(falling: (v: number) => number): number {
  if (falling(0) <= 0) return 0;
  if (falling(1) >= 0) return 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
