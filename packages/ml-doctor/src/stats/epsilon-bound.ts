/** The least differential-privacy epsilon that the two error rates of a membership attack are compatible with. */
import { proportionUpperBound } from './binomial.ts';
import type { Decisions } from './threshold-metrics.ts';

/**
 * A lower bound of epsilon, holding with probability 1 - `error`, from decisions on records whose membership was
 * drawn at random.
 *
 * Under (ε, δ)-privacy every test has 1 - δ ≤ FNR + e^ε FPR and the same with the rates exchanged (Kairouz, Oh &
 * Viswanath, ICML 2015), so ε ≥ max(ln((1 - δ - FNR)/FPR), ln((1 - δ - FPR)/FNR)). Both rates enter by their
 * Clopper-Pearson upper limits, each at half of the error, as Jagielski et al. (NeurIPS 2020) and Nasr et al. (USENIX
 * Security 2023) do; the two inequalities share them, so that taking the larger costs nothing.
 *
 * The bound speaks for a training algorithm when each decision comes from a run of its own. Records of one model are
 * not independent in that sense: for them {@link oneRunEpsilon} is meant. The rule must not have been chosen on
 * these decisions.
 *
 * @param options.delta of the claim tested, 0 to 1
 * @param options.error one-sided, above 0 and below 1
 * @returns 0 when the rates refute nothing
 */
export function epsilonLowerBound(
  { truePositives, falsePositives, positives, negatives }: Decisions,
  { delta = 0, error = 0.05 }: { readonly delta?: number; readonly error?: number } = {},
): number {
  if (!(delta >= 0 && delta <= 1 && error > 0 && error < 1))
    throw new Error(`internal: epsilon at delta ${delta} and error ${error}`);
  const fnr = proportionUpperBound(positives - truePositives, positives, error / 2);
  const fpr = proportionUpperBound(falsePositives, negatives, error / 2);
  const ratio = Math.max((1 - delta - fnr) / fpr, (1 - delta - fpr) / fnr);
  return ratio > 1 ? Math.log(ratio) : 0;
}
