/** The sum of many steps' losses, and the epsilon at which its hockey-stick divergence is delta. */
import { convolveWithItself } from './fourier.ts';
import type { Lattice, Losses } from './losses.ts';
import { lowerTail, type Tilted, tilt, upperTail } from './tilt.ts';

/** ln of the share of delta, or of the tilted mass, that may lie beside the window. */
const BESIDE = Math.log(1e-7);

/** A point of the curve δ(ε). */
export interface Crossing {
  /** ε ≥ 0. */
  readonly epsilon: number;
  /** −d ln δ / dε there; 0 where epsilon is 0 or ∞. */
  readonly slope: number;
}

export interface Sought {
  readonly steps: number;
  readonly delta: number;
  /** λ of the weights, from 0; where their mean is above ε, more comes back from above the window. */
  readonly lambda: number;
  /** Points that the window may have. */
  readonly most: number;
}

/**
 * The least ε ≥ 0 with δ(ε) ≤ `delta` for `steps` losses on a lattice; ∞ where there is none.
 *
 * Masses are weighted by e^{λl} before they are transformed, so that those that decide delta are large and rounding
 * stays relative to delta, however small; any λ ≥ 0 gives a bound. What falls beside the window comes back on its
 * other side and only adds to delta; what is lost above it is bounded by Chernoff and added to delta.
 *
 * @returns undefined where that takes more than `most` points
 */
export const composedEpsilon = (
  lattice: Lattice,
  { steps, delta, lambda, most }: Sought,
): Crossing | undefined => {
  const { spacing } = lattice;
  const top = upperTail(lattice, steps, Math.log(delta) + BESIDE, 2 / spacing);
  const left = delta * (1 - Math.exp(BESIDE)) - steps * lattice.infinite;
  if (!(left > 0 && Number.isFinite(top.at))) return { epsilon: Number.POSITIVE_INFINITY, slope: 0 };
  if (top.at < 0) return { epsilon: 0, slope: 0 };
  const tilted = tilt(lattice, lambda);
  // What comes back from above counts for e^{T K(λ) − λε} times its weighted mass; ε is not below the weighted mean.
  const back = Math.min(0, Math.log(delta) + steps * (lambda * tilted.mean - tilted.logMoment));
  const weighted = weigh(lattice, lambda, tilted);
  const weightedTop = upperTail(weighted, steps, BESIDE + back, 2 / spacing);
  const last = Math.ceil(Math.max(top.at, weightedTop.at) / spacing);
  let lowest = Math.floor(lowerTail(weighted, steps, BESIDE) / spacing);
  for (;;) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(0, last - lowest) + 8));
    if (!(size <= most)) return undefined;
    const masses = wrapped(lattice.first, weighted.masses, size);
    convolveWithItself(masses, steps);
    const logMoment = steps * tilted.logMoment;
    const crossing = readOff(masses, { last, spacing, lambda, logMoment, steps, left });
    if (crossing !== undefined) return crossing;
    lowest = last - 2 * size + 8;
  }
};

/** One step's losses with masses weighted by e^{λl}, their sum 1. */
const weigh = ({ values, masses }: Lattice, lambda: number, { logMoment }: Tilted): Losses => ({
  values,
  masses: masses.map((mass, i) => mass * Math.exp(lambda * (values[i] as number) - logMoment)),
  infinite: 0,
});

/** Masses around a circle of `size` points. */
const wrapped = (first: number, masses: Float64Array, size: number): Float64Array => {
  const circle = new Float64Array(size);
  for (let i = 0; i < masses.length; i++) {
    const at = modulo(first + i, size);
    circle[at] = (circle[at] as number) + (masses[i] as number);
  }
  return circle;
};

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

interface Composed {
  /** Index of the highest loss in the window. */
  readonly last: number;
  readonly spacing: number;
  readonly lambda: number;
  /** ln E[e^{λL}] of the sum. */
  readonly logMoment: number;
  readonly steps: number;
  /** Of delta, what the window may use. */
  readonly left: number;
}

/**
 * From the highest loss down: stick = E[(1 − e^{l−L})⁺] and below = P(L > l) less it, both over e^{T K(λ) − λl}, so
 * that neither cancels nor overflows. Between two points δ(ε) is linear in e^ε, which gives ε in closed form.
 *
 * @returns undefined where delta is not reached in the window
 */
const readOff = (masses: Float64Array, composed: Composed): Crossing | undefined => {
  const { last, spacing, lambda, logMoment, steps, left } = composed;
  let largest = 0;
  for (const mass of masses) largest = Math.max(largest, mass);
  const rounding = 1e-15 * (steps + 64) * largest;
  const untilt = Math.exp(-lambda * spacing);
  const shrink = Math.exp(-spacing);
  const grow = -Math.expm1(-spacing);
  let [below, stick] = [0, 0];
  for (let down = 1; down <= masses.length; down++) {
    const at = last - down;
    const mass = Math.max(0, masses[modulo(at + 1, masses.length)] as number) + rounding;
    const belowHere = (below + mass) * shrink * untilt;
    const stickHere = (stick * shrink + grow * (below + stick + mass)) * untilt;
    const scale = Math.exp(logMoment - lambda * spacing * at);
    if (stickHere * scale > left) {
      // δ(ε) = (below + stick) − e^{ε − l} below, l the loss here.
      const beyond = Math.log1p((stickHere - left / scale) / belowHere);
      const slope = stick > 0 ? Math.log(stickHere / stick) / spacing + lambda : belowHere / stickHere;
      return { epsilon: Math.max(0, at * spacing + Math.min(spacing, beyond)), slope };
    }
    if (at <= 0) return { epsilon: 0, slope: 0 };
    [below, stick] = [belowHere, stickHere];
  }
  return undefined;
};
