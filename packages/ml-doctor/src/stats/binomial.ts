/** Binomial tail probabilities and the exact interval they give for a proportion. */
import { betaQuantile, betaScale, regularisedBeta } from './beta.ts';
import { CONFIDENCE, errorPerSide, type Interval } from './metric.ts';

/** P(Bin(trials, p) ≥ k), for any integer k. */
export function binomialAtLeast(k: number, trials: number, p: number): number {
  if (k <= 0) return 1;
  if (k > trials) return 0;
  return regularisedBeta(p, k, trials - k + 1).lower;
}

/** P(Bin(trials, p) = k) for k from 0 to `trials`, with full relative precision; `p` strictly between 0 and 1. */
export function binomialProbability(k: number, trials: number, p: number, q = 1 - p): number {
  return betaScale(p, k + 1, trials - k + 1, q) / ((trials + 1) * p * q);
}

/**
 * Lower end of a one-sided exact interval: below it, `successes` or more have a probability under `error`.
 */
export function proportionLowerBound(successes: number, trials: number, error: number): number {
  checkCounts(successes, trials);
  return successes === 0 ? 0 : betaQuantile(error, successes, trials - successes + 1);
}

/**
 * Upper end of a one-sided exact interval: above it, `successes` or fewer have a probability under `error`.
 */
export function proportionUpperBound(successes: number, trials: number, error: number): number {
  checkCounts(successes, trials);
  return 1 - proportionLowerBound(trials - successes, trials, error);
}

/**
 * The interval of Clopper and Pearson (Biometrika 26, 1934), which covers the true proportion at least as
 * often as `confidence` says, whatever it is.
 */
export function clopperPearson(successes: number, trials: number, confidence = CONFIDENCE): Interval {
  const error = errorPerSide(confidence);
  return {
    low: proportionLowerBound(successes, trials, error),
    high: proportionUpperBound(successes, trials, error),
  };
}

function checkCounts(successes: number, trials: number): void {
  const whole = Number.isInteger(successes) && Number.isInteger(trials);
  if (!whole || successes < 0 || trials < 1 || successes > trials) {
    throw new Error(`internal: ${successes} successes in ${trials} trials`);
  }
}
