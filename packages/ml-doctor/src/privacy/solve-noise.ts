/** From a target epsilon to the noise that keeps it. */
import { checkSampling, refuse } from './check-setting.ts';
import { epsilonOf } from './epsilon.ts';
import { roundUp } from './round-up.ts';
import type { Accountant, SubsampledGaussian } from './setting.ts';

export interface PrivacyTarget extends Omit<SubsampledGaussian, 'noiseMultiplier'> {
  /** Above 0. */
  readonly epsilon: number;
  readonly delta: number;
  readonly accountant: Accountant;
}

/** Noise that drowns any gradient. */
export const MOST_NOISE = 1000;
/** Less than this is none: the answer where delta alone would pay for a training without noise. */
const LEAST_NOISE = 0.01;
/** Half of the precision promised. */
const PRECISION = 5e-5;

/**
 * The least noise multiplier, to a relative 1e-4, whose epsilon does not exceed the target: what is returned has been
 * accounted for, so that it never does. Six digits; from .01 to 1,000.
 * @throws {AuditError} MLD_PRIVACY for a target that cannot be, or that no noise up to 1,000 reaches
 */
export const noiseFor = ({ epsilon, delta, accountant, sampleRate, steps }: PrivacyTarget): number => {
  checkSampling({ sampleRate, steps }, delta);
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY))
    refuse(`a target epsilon of ${epsilon}`, 'Choose a finite one above 0; 1 to 10 is usual.');
  const by =
    (which: Accountant) =>
    (noiseMultiplier: number): number =>
      epsilonOf({ sampleRate, steps, noiseMultiplier }, delta, which);
  // The tight accountant takes its time: it starts where a quicker one, a little above, has ended.
  const start = accountant === 'pld' ? (leastNoise(by('rdp'), epsilon, 1) ?? MOST_NOISE) : 1;
  const noise = leastNoise(by(accountant), epsilon, start);
  if (noise === undefined)
    return refuse(
      `a target of epsilon ${epsilon} at delta ${delta}: no noise multiplier up to ${MOST_NOISE} keeps it over ` +
        `${steps} steps that take a record with probability ${sampleRate}`,
      'Allow a larger epsilon, or train for fewer epochs or on smaller batches.',
    );
  return noise;
};

/** A noise multiplier and its epsilon. */
interface Tried {
  readonly noise: number;
  readonly epsilon: number;
}

/** Undefined where the most noise is not enough. `epsilonAt` falls with the noise. */
const leastNoise = (
  epsilonAt: (noise: number) => number,
  target: number,
  start: number,
): number | undefined => {
  const tryAt = (noise: number): Tried => {
    const six = roundUp(noise);
    return { noise: six, epsilon: epsilonAt(six) };
  };
  let enough = tryAt(start);
  let less: Tried | undefined;
  while (enough.epsilon > target) {
    if (enough.noise >= MOST_NOISE) return undefined;
    less = enough;
    enough = tryAt(Math.min(MOST_NOISE, 1.6 * enough.noise));
  }
  for (let factor = 0.9; less === undefined; factor *= 0.8) {
    if (enough.noise <= LEAST_NOISE) return LEAST_NOISE;
    const tried = tryAt(Math.max(LEAST_NOISE, factor * enough.noise));
    if (tried.epsilon > target) less = tried;
    else enough = tried;
  }
  for (let i = 0; enough.noise > less.noise * (1 + PRECISION); i++) {
    // To either side of the guess in turn, so that a good guess closes the interval from both.
    const guess = i % 5 === 4 ? Number.NaN : crossing(less, enough, target);
    const aside = 1 + (i % 2 === 0 ? 0.4 : -0.4) * PRECISION;
    const middle = Math.sqrt(less.noise * enough.noise);
    const inside = guess * aside > less.noise && guess * aside < enough.noise;
    const tried = tryAt(inside ? guess * aside : middle);
    if (tried.epsilon > target) less = tried;
    else enough = tried;
  }
  return enough.noise;
};

/** Where ln ε, as a straight line in ln σ, meets the target; NaN where there is no such line. */
const crossing = (less: Tried, enough: Tried, target: number): number => {
  const part = Math.log(less.epsilon / target) / Math.log(less.epsilon / enough.epsilon);
  return part > 0 && part < 1 ? less.noise * (enough.noise / less.noise) ** part : Number.NaN;
};
