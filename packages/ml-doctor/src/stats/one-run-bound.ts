/** The epsilon that one training run with many randomly included records refutes. */
import { binomialAtLeast, binomialProbability } from './binomial.ts';

export interface OneRun {
  /** Records that were included or not by independent fair coins. */
  readonly canaries: number;
  /** Guesses made, "in" or "out"; the attacker abstains on the other canaries. How many must not depend on the truth. */
  readonly guesses: number;
  /** Guesses that were right. */
  readonly correct: number;
  /** Of the claim tested, 0 to 1. */
  readonly delta: number;
}

/**
 * The probability with which an (ε, δ)-private algorithm gives at least so many right guesses, or a bound of it:
 * Steinke, Nasr & Jagielski (NeurIPS 2023), theorem 5.2 with the weights of their appendix D. With B binomial of
 * `guesses` trials at e^ε/(1 + e^ε) and v right guesses,
 *
 *     P(B ≥ v) + 2 m δ max over i of P(v > B ≥ v - i)/i.
 */
export function oneRunPValue({ canaries, guesses, correct, delta }: OneRun, epsilon: number): number {
  const right = 1 / (1 + Math.exp(-epsilon));
  const wrong = 1 / (1 + Math.exp(epsilon));
  const tail = binomialAtLeast(correct, guesses, right);
  if (delta === 0 || correct === 0) return tail;
  const odds = wrong / right;
  let probability = binomialProbability(correct - 1, guesses, right, wrong);
  let sum = 0;
  let most = 0;
  // The sum is at most 1, so that a later step cannot reach `most` once 1/i does not.
  for (let i = 1; i <= correct && 1 / i > most; i++) {
    sum += probability;
    most = Math.max(most, sum / i);
    const k = correct - i;
    probability *= (k / (guesses - k + 1)) * odds;
  }
  return Math.min(1, tail + 2 * canaries * delta * most);
}

/** Beyond this no number of guesses that fits a computer leads: e^40 is 2·10¹⁷. */
const MOST_EPSILON = 40;
const STEP = 1 / 16;

/**
 * A lower bound of epsilon, holding with probability 1 - `error` over the coins and the training: the least epsilon
 * that the right guesses do not refute. It is found as the first crossing from 0 upwards, to 1e-10.
 *
 * Even when all of r guesses are right the bound is at most -ln(error^(-1/r) - 1): 4.19 for 200 and 5.81 for 1,000
 * guesses at .05.
 *
 * @param error one-sided, above 0 and below 1
 * @returns 0 when nothing is refuted
 * @throws {Error} `internal:` for counts that cannot be
 */
export function oneRunEpsilon(run: OneRun, error = 0.05): number {
  const { canaries, guesses, correct, delta } = run;
  const whole = [canaries, guesses, correct].every(Number.isInteger);
  if (!whole || correct < 0 || correct > guesses || guesses < 1 || guesses > canaries)
    throw new Error(`internal: ${correct} of ${guesses} guesses on ${canaries} canaries`);
  if (!(delta >= 0 && delta <= 1 && error > 0 && error < 1))
    throw new Error(`internal: epsilon at delta ${delta} and error ${error}`);
  let high = 0;
  while (high < MOST_EPSILON && oneRunPValue(run, high) < error) high += STEP;
  if (high === 0) return 0;
  let low = high - STEP;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (oneRunPValue(run, middle) < error) low = middle;
    else high = middle;
  }
  return low;
}
