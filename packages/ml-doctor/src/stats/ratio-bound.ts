/** Bounds of the ratio of two proportions, such as how many times likelier a member is called than a non-member. */
import { proportionLowerBound, proportionUpperBound } from './binomial.ts';
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { normalQuantile } from './normal.ts';

export interface Proportion {
  readonly successes: number;
  /** At least 1 and at least as many as the successes. */
  readonly trials: number;
}

/**
 * Lower end of a one-sided interval of p₁/p₂ for independent proportions: Katz, Baptista, Azen & Pike (Biometrics 34,
 * 1978), who take the logarithm as normal with the variance (1 - p₁)/x₁ + (1 - p₂)/x₂.
 *
 * Where that has no logarithm (no successes) or no width (no failures in both), the Clopper-Pearson limits of the two
 * proportions, each at half of the error, give a wider bound that holds exactly. 0 without a first success.
 *
 * Katz' own coverage is a large-sample one: with fewer than about 5 successes it may miss more often than stated.
 *
 * @param error probability, above 0 and below 1/2, that the bound may lie above the true ratio
 */
export function ratioLowerBound(first: Proportion, second: Proportion, error: number): number {
  const [p, q] = [first.successes / first.trials, second.successes / second.trials];
  if (lacksLogarithm(first, second)) {
    return (
      proportionLowerBound(first.successes, first.trials, error / 2) /
      proportionUpperBound(second.successes, second.trials, error / 2)
    );
  }
  const deviation = Math.sqrt((1 - p) / first.successes + (1 - q) / second.successes);
  return (p / q) * Math.exp(normalQuantile(error) * deviation);
}

/** Where Katz' bound does not exist. */
const lacksLogarithm = (first: Proportion, second: Proportion): boolean =>
  first.successes === 0 ||
  second.successes === 0 ||
  (first.successes === first.trials && second.successes === second.trials);

/** Upper end of a one-sided interval of p₁/p₂, Infinity without a second success; see {@link ratioLowerBound}. */
export function ratioUpperBound(first: Proportion, second: Proportion, error: number): number {
  return 1 / ratioLowerBound(second, first, error);
}

/** p₁/p₂ with both bounds; undefined where the second proportion has no success, so that there is no ratio. */
export function ratioMetric(
  first: Proportion,
  second: Proportion,
  confidence = CONFIDENCE,
): Metric | undefined {
  if (second.successes === 0) return undefined;
  const error = errorPerSide(confidence);
  return {
    value: first.successes / first.trials / (second.successes / second.trials),
    low: ratioLowerBound(first, second, error),
    high: ratioUpperBound(first, second, error),
    method: lacksLogarithm(first, second)
      ? 'Clopper-Pearson limits of both proportions'
      : 'Katz 1978, log scale',
  };
}
