/** ln A_α, the moments of the subsampled Gaussian that its Rényi divergences are made of, for any order above 1. */
import { logRatio } from '../log-ratio.ts';

/**
 * ln A_α with A_α = E[((1 − q) + q e^{(2z−1)/(2σ²)})^α], z ~ N(0, σ²) (Mironov, Talwar & Zhang 2019, eq. 7), for one
 * setting and many orders. RDP of order α is ln A_α / (α − 1) a step (their theorems 4 and 5).
 *
 * A_α − 1 is summed instead of A_α, from terms that are all positive: for a small q it is all there is, and would
 * drown in rounding.
 */
export const logMoments = (q: number, sigma: number): ((order: number) => number) => {
  if (q === 1) return (order) => (order * (order - 1)) / (2 * sigma * sigma);
  const whole = (order: number): number => onePlus(logExcessOfWhole(order, q, sigma));
  if (sigma < LEAST_INTEGRABLE) return (order) => between(order, whole);
  const excessOf = fractionalExcess(q, sigma);
  return (order) =>
    Number.isInteger(order)
      ? whole(order)
      : order > MOST_FRACTIONAL
        ? between(order, whole)
        : onePlus(excessOf(order));
};

/** Below it the integrand bends too sharply for the trapezoid rule at a price worth paying. */
const LEAST_INTEGRABLE = 0.1;
const MOST_FRACTIONAL = 11;

/** ln(1 + eˣ). */
const onePlus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/** The chord of ln A, which is convex in the order, hence above it. */
const between = (order: number, whole: (order: number) => number): number => {
  const lower = Math.floor(order);
  const part = order - lower;
  const below = lower === 1 ? 0 : whole(lower);
  return part === 0 ? below : (1 - part) * below + part * whole(lower + 1);
};

/**
 * ln(A_α − 1) for a whole order: Σ_{k ≥ 2} C(α, k) (1 − q)^{α−k} qᵏ (e^{(k²−k)/(2σ²)} − 1), their eq. 8 less the
 * binomial sum that is 1.
 */
const logExcessOfWhole = (order: number, q: number, sigma: number): number => {
  const logs = new Float64Array(order - 1);
  const [logTake, logLeave] = [Math.log(q), Math.log1p(-q)];
  let choose = Math.log(order);
  for (let k = 2; k <= order; k++) {
    choose += Math.log((order - k + 1) / k);
    const growth = (k * (k - 1)) / (2 * sigma * sigma);
    const logGrowth = growth > 30 ? growth + Math.log1p(-Math.exp(-growth)) : Math.log(Math.expm1(growth));
    logs[k - 2] = choose + (order - k) * logLeave + k * logTake + logGrowth;
  }
  return logSum(logs);
};

/**
 * ln(A_α − 1) for any order up to `MOST_FRACTIONAL`: E[(1 + u)^α − 1 − αu] by the trapezoid rule, u having mean 0. The
 * integrand is analytic within πσ² of the real line, so that the rule's error, some e^{−2π² σ²/step}, is below
 * rounding at the step chosen.
 */
const fractionalExcess = (q: number, sigma: number): ((order: number) => number) => {
  const step = Math.min(0.25 * sigma, 0.5 * sigma * sigma);
  const from = -12 * sigma;
  const nodes = Math.ceil((MOST_FRACTIONAL + 24 * sigma) / step) + 1;
  const logWeights = new Float64Array(nodes);
  const ratios = new Float64Array(nodes);
  for (let i = 0; i < nodes; i++) {
    const z = from + i * step;
    logWeights[i] = Math.log(step / sigma) - 0.5 * Math.log(2 * Math.PI) - 0.5 * (z / sigma) ** 2;
    ratios[i] = logRatio(z, q, sigma);
  }
  const logs = new Float64Array(nodes);
  return (order) => {
    for (let i = 0; i < nodes; i++)
      logs[i] = (logWeights[i] as number) + logBernoulli(ratios[i] as number, order);
    return logSum(logs);
  };
};

/** ln((1 + u)^α − 1 − αu) from ln(1 + u); the argument is positive for α > 1, by Bernoulli's inequality. */
const logBernoulli = (ratio: number, order: number): number => {
  const power = order * ratio;
  // Beyond it 1 + αu is below the last bit: (1 + u)^{α−1} > e³ is not enough near α = 1, so the ratio itself decides.
  if (ratio * (order - 1) > 40) return power;
  const u = Math.expm1(ratio);
  if (Math.abs(order * u) < 0.05) {
    let series = 1;
    for (let k = 9; k >= 3; k--) series = 1 + ((order - k + 1) / k) * u * series;
    return Math.log(((order * (order - 1)) / 2) * u * u * series);
  }
  if (power > 600) return power + Math.log1p(-(1 + order * u) * Math.exp(-power));
  return Math.log(Math.expm1(power) - order * u);
};

const logSum = (logs: Float64Array): number => {
  let top = Number.NEGATIVE_INFINITY;
  for (const x of logs) if (x > top) top = x;
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (const x of logs) sum += Math.exp(x - top);
  return top + Math.log(sum);
};
