/** Quantiles of Student's t distribution: how far a mean of few values may be off when their spread is estimated. */
import { betaQuantile } from './beta.ts';

/**
 * The t with P(T ≤ t) = p for T with `freedom` degrees of freedom, by the beta distribution of
 * T²/(freedom + T²) (Abramowitz & Stegun 26.7.1).
 *
 * @param p between 0 and 1
 * @param freedom above 0; need not be whole
 * @returns ±Infinity at 0 and 1, NaN outside
 */
export function studentTQuantile(p: number, freedom: number): number {
  if (!(freedom > 0)) throw new Error(`internal: ${freedom} degrees of freedom`);
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentTQuantile(1 - p, freedom);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  // The part that the freedom has of the sum; small, and so exact, far out.
  const rest = betaQuantile(2 * p, freedom / 2, 0.5);
  if (rest < 0.5) return -Math.sqrt((freedom * (1 - rest)) / rest);
  const part = betaQuantile(1 - 2 * p, 0.5, freedom / 2);
  return -Math.sqrt((freedom * part) / (1 - part));
}
