/** Epsilon by the privacy-loss distribution: composed numerically, every approximation upwards. */
import type { SubsampledGaussian } from '../setting.ts';
import { type Crossing, composedEpsilon } from './compose.ts';
import { type Direction, lossLattice, lossPoints, type OneStep } from './losses.ts';
import { tilt, tiltTo, upperTail } from './tilt.ts';

/**
 * Adding and removing a record have each their own worst-case pair of distributions, which compose by themselves (Zhu,
 * Dong & Wang, AISTATS 2022); the larger epsilon holds for both. ∞ where the losses do not fit doubles.
 */
export const pldEpsilon = (setting: SubsampledGaussian, delta: number): number => {
  const removed = oneWay(setting, delta, 'remove', 0);
  // Without sampling the two are mirror images, with the same losses.
  return setting.sampleRate === 1 ? removed : Math.max(removed, oneWay(setting, delta, 'add', removed));
};

/** Of delta, what the tails that are cut may cost: too little to move six digits of epsilon by much. */
const TAIL_SHARE = 1e-7;
/** The growth of ln δ by the lattice; beside −ln δ, it moves epsilon by a few in 10,000 of itself at most. */
const LATTICE_COST = 2e-3;
/** Fewer steps leave time for a finer lattice, with about as many points. */
const MANY_STEPS = 1000;
/** A lattice this fine moves epsilon by 1e-4 of itself at the most, however the losses lie. */
const FINE_ENOUGH = 1e-4;
const MOST_POINTS = 2 ** 20;
/** A first look, only to see where epsilon lies and how steep delta falls there. */
const ROUGH_COST = 0.2;
const ROUGH_POINTS = 2 ** 15;
/** Of the spacing, before a lattice is given up. */
const MOST_DOUBLINGS = 12;

/** A bound, tight where it is above `enough`. */
const oneWay = (
  { sampleRate, noiseMultiplier, steps }: SubsampledGaussian,
  delta: number,
  direction: Direction,
  enough: number,
): number => {
  const tail = (delta * TAIL_SHARE) / steps;
  const step: OneStep = { q: sampleRate, sigma: noiseMultiplier, direction, tail };
  const points = lossPoints(step);
  const deviation = Math.sqrt(tilt(points, 0).variance);
  const spread = extent(points.values);
  // With next to no noise, every step that leaves a record out says so, by −ln(1 − q) each time.
  const most = steps * points.values.reduce((a, b) => Math.max(a, b), 0) * (1 + FINE_ENOUGH);
  if (spread * steps < FINE_ENOUGH * most) return most;
  if (!(deviation > 0 && deviation < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  const chernoff = upperTail(points, steps, Math.log(delta), 1e9 / deviation);
  const look = (spacing: number, lambda: number, room: number): Crossing => {
    let wider = Math.max(spacing, spread / room);
    for (let i = 0; i < MOST_DOUBLINGS; i++, wider *= 2) {
      const lattice = lossLattice(step, wider);
      const sought = { steps, delta, lambda: Math.min(lambda, 1 / wider), most: room };
      const found = composedEpsilon(lattice, sought);
      if (found !== undefined) return found;
    }
    // Chernoff's own bound holds without a lattice, up to rounding and the tails that were cut.
    return { epsilon: Math.max(0, chernoff.at * (1 + TAIL_SHARE) + TAIL_SHARE), slope: chernoff.lambda };
  };
  // Half of the best λ serves normal losses nearly as well. Where single steps decide delta, weights that move the
  // mean to epsilon would give all mass to the largest losses.
  const roughSpacing = spacingFor(chernoff.lambda, steps, ROUGH_COST);
  const rough = look(roughSpacing, chernoff.lambda / 2, ROUGH_POINTS);
  if (!(rough.slope > 0 && rough.epsilon > enough)) return rough.epsilon;
  const lambda = tiltTo(points, steps, rough.epsilon, chernoff.lambda) / 2;
  const spacing = Math.max(
    spacingFor(rough.slope, steps, LATTICE_COST * Math.min(1, steps / MANY_STEPS)),
    (FINE_ENOUGH * rough.epsilon) / steps,
  );
  return look(spacing, lambda, MOST_POINTS).epsilon;
};

/**
 * To move a loss to a lattice adds at most spacing²/4 to its variance, spacing²/6 on average, and V in the variance of
 * the sum adds slope² V/2 to ln δ.
 */
const spacingFor = (slope: number, steps: number, cost: number): number =>
  Math.sqrt((12 * cost) / steps) / slope;

/** Largest minus smallest. */
const extent = (values: Float64Array): number => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
};
