/**
 * The regularised incomplete beta function and its inverse: the distribution function of order statistics.
 */

const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * The probability a beta variable has at or below x, and the rest, the smaller one with full relative
 * precision.
 */
export interface BetaTails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * I_x(a, b) and 1 - I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1.
 *
 * @param y 1 - x, for callers who know it more exactly than the subtraction does
 */
export function regularisedBeta(x: number, a: number, b: number, y = 1 - x): BetaTails {
  if (!(a > 0 && b > 0 && x >= 0 && y >= 0)) throw new Error(`internal: I_x(a, b) at x=${x}, a=${a}, b=${b}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const scale = betaScale(x, a, b, y);
  // The continued fraction converges fast below the mean only; above it, use the mirror image.
  if (x * (a + b + 2) < a + 1) {
    const lower = scale / continuedFraction(x, a, b, y);
    return { lower, upper: 1 - lower };
  }
  const upper = scale / continuedFraction(y, b, a, x);
  return { lower: 1 - upper, upper };
}

/**
 * The x with I_x(a, b) = p, by Newton's method kept inside a shrinking bracket.
 *
 * @param p between 0 and 1
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let i = 0; i < 1200; i++) {
    const { lower } = regularisedBeta(x, a, b);
    if (lower === p) return x;
    if (lower < p) low = x;
    else high = x;
    const density = betaScale(x, a, b, 1 - x) / (x * (1 - x));
    const newton = x - (lower - p) / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

/**
 * x^a y^b / B(a, b), as ab/(a+b) times a binomial density in Loader's saddle-point form (*Fast and Accurate
 * Computation of Binomial Probabilities*, 2000): differences of log-gamma would lose digits for large a and
 * b.
 */
export function betaScale(x: number, a: number, b: number, y: number): number {
  const n = a + b;
  const logDensity =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  // The binomial density is exp(logDensity) √(n / 2πab).
  return Math.exp(logDensity - HALF_LOG_TWO_PI) * Math.sqrt((a * b) / n);
}

/** log Γ(z + 1) - (z + ½) log z + z - ½ log 2π. */
function stirlingError(z: number): number {
  let shifted = z;
  let correction = 0;
  for (; shifted < 16; shifted++) correction += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  const s = 1 / (shifted * shifted);
  const series =
    1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))));
  return correction + series / shifted;
}

/** k log(k/mean) + mean - k without cancellation near k = mean. */
function deviance(k: number, mean: number): number {
  if (mean === 0) return Number.POSITIVE_INFINITY;
  const v = (k - mean) / (k + mean);
  if (Math.abs(v) > 0.1) return k * Math.log(k / mean) + mean - k;
  // log(k/mean) = 2 artanh v; the leading terms are taken out by hand.
  let sum = (k - mean) * v;
  let power = 2 * k * v;
  for (let j = 1; ; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return next;
    sum = next;
  }
}

/**
 * What `betaScale` is divided by to give I_x(a, b): DiDonato & Morris (ACM TOMS 18, 1992), equation 9, by
 * Lentz's method. Below the mean all its terms are positive; the better known fraction (DLMF 8.17.22) cancels
 * for large a.
 */
function continuedFraction(x: number, a: number, b: number, y: number): number {
  const offset = a * y - b * x + 1;
  const denominator = (m: number) =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (offset + m * (1 + y))) / (a + 2 * m + 1);
  // denominator(0), whose middle term is 0/0 at a = 1.
  let value = (a * offset) / (a + 1);
  let front = value;
  let back = 0;
  for (let m = 1; m < 100_000; m++) {
    const root = x / (a + 2 * m - 1);
    const numerator = m * (a + m - 1) * root * (a + b + m - 1) * (b - m) * root;
    back = 1 / (denominator(m) + numerator * back);
    front = denominator(m) + numerator / front;
    const factor = front * back;
    value *= factor;
    if (Math.abs(factor - 1) < 4e-16) return value;
  }
  throw new Error(`internal: the incomplete beta function did not converge at x=${x}, a=${a}, b=${b}`);
}
