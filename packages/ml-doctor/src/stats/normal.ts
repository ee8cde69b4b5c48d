/**
 * The standard normal distribution, with tails that stay accurate where a probability no longer fits a
 * double.
 */
import { erf, erfc, erfcx, expMinusHalfSquare } from './error-function.ts';

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** log of the density at `x`. */
export function normalLogPdf(x: number): number {
  return -0.5 * x * x - HALF_LOG_TWO_PI;
}

/** P(Z ≤ x), with full relative precision in both tails. */
export function normalCdf(x: number): number {
  if (x < 0) return 0.5 * erfcx(-x * Math.SQRT1_2) * expMinusHalfSquare(x);
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** log P(Z ≤ x), finite and accurate down to x = -1e154; log P(Z > x) is `normalLogCdf(-x)`. */
export function normalLogCdf(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return x;
  if (x < 0) return Math.log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
  return Math.log1p(-normalCdf(-x));
}

/**
 * The x with P(Z ≤ x) = p: a rough start, then Halley's iteration, whose error falls with its third power.
 *
 * @returns ±Infinity at 0 and 1, NaN outside
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 0.5) return 0;
  let x = roughLowerQuantile(p);
  for (let i = 0; i < 3; i++) x -= p < 0.25 ? tailStep(x, Math.log(p)) : centreStep(x, p - 0.5);
  return x;
}

/** On log P(Z ≤ x), which stays well scaled where P itself underflows. */
function tailStep(x: number, logP: number): number {
  const logCdf = normalLogCdf(x);
  const hazard = Math.exp(normalLogPdf(x) - logCdf);
  const newton = (logCdf - logP) / hazard;
  return newton / (1 + 0.5 * newton * (x + hazard));
}

/** On P(Z ≤ x) - 1/2, which keeps relative precision where x is near 0. */
function centreStep(x: number, offset: number): number {
  const newton = (0.5 * erf(x * Math.SQRT1_2) - offset) / Math.exp(normalLogPdf(x));
  return newton / (1 + 0.5 * x * newton);
}

/** Within 0.0005 for p ≤ 1/2 (Hastings; Abramowitz & Stegun 26.2.23). */
function roughLowerQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return numerator / denominator - t;
}
