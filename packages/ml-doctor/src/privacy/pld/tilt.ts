/** Exponential moments of a step's loss, and the tail bounds of Chernoff that follow for the sum over all steps. */
import type { Losses } from './losses.ts';

export interface Tilted {
  /** ln E[e^{λL}]. */
  readonly logMoment: number;
  /** Of L, where masses are weighted by e^{λL}. */
  readonly mean: number;
  readonly variance: number;
}

export const tilt = ({ values, masses }: Losses, lambda: number): Tilted => {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++)
    if ((masses[i] as number) > 0) top = Math.max(top, lambda * (values[i] as number));
  let [sum, first, second] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const weight = (masses[i] as number) * Math.exp(lambda * value - top);
    sum += weight;
    first += weight * value;
    second += weight * value * value;
  }
  const mean = first / sum;
  return { logMoment: top + Math.log(sum), mean, variance: Math.max(0, second / sum - mean * mean) };
};

/** A tail bound: P(sum ≥ `at`) ≤ P, by the tilt λ = `lambda`. */
export interface Chernoff {
  readonly at: number;
  readonly lambda: number;
}

const LEAST_TILT = 1e-200;

/**
 * Where Chernoff's bound exp(T K(λ) − λ at) falls to e^`logP`, for the best λ up to `most`: there λ K′(λ) − K(λ), which
 * rises with λ, is −`logP`/T. A λ that is not quite the best gives a bound as well.
 */
export const upperTail = (losses: Losses, steps: number, logP: number, most: number): Chernoff => {
  const excess = (lambda: number): number => {
    const { logMoment, mean } = tilt(losses, lambda);
    return steps * (lambda * mean - logMoment) + logP;
  };
  // λ of a normal loss, from which it is not far.
  const normal = Math.sqrt((-2 * logP) / (steps * tilt(losses, 0).variance + Number.MIN_VALUE));
  let high = Math.min(most, normal);
  while (high < most && excess(high) < 0) high = Math.min(most, 2 * high);
  let low = high / 2;
  while (low > LEAST_TILT && excess(low) > 0) {
    high = low;
    low /= 2;
  }
  for (let i = 0; i < 10; i++) {
    const middle = Math.sqrt(low * high);
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return { at: (steps * tilt(losses, high).logMoment - logP) / high, lambda: high };
};

/** The λ from 0 to `most` under which the sum has mean `at`, nearly. */
export const tiltTo = (losses: Losses, steps: number, at: number, most: number): number => {
  const below = (lambda: number): boolean => steps * tilt(losses, lambda).mean < at;
  if (!below(0)) return 0;
  let [low, high] = [0, most];
  while (high > LEAST_TILT && !below(high / 2)) high /= 2;
  if (below(high)) return high;
  low = high / 2;
  for (let i = 0; i < 6; i++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return low;
};

/** Where P(sum ≤ at) is e^`logP` at most, for the best of some λ below 0. */
export const lowerTail = (losses: Losses, steps: number, logP: number): number => {
  const normal = Math.sqrt((-2 * logP) / (steps * tilt(losses, 0).variance + Number.MIN_VALUE));
  // The sum is never below so many of the least.
  let best = steps * losses.values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  for (let power = -6; power <= 6; power++) {
    const s = normal * 2 ** (power / 2);
    const at = (logP - steps * tilt(losses, -s).logMoment) / s;
    if (at > best) best = at;
  }
  return best;
};
