/** Learning-rate schedules: the factor on the learning rate in an epoch, counted from 0. */
import { requireNumber, requireShare } from '../errors.ts';

export interface Schedule {
  readonly name: string;
  readonly factor: (epoch: number, epochs: number) => number;
}

export const constantRate = (): Schedule => ({ name: 'constant', factor: () => 1 });

/**
 * Times `gamma` (above 0; .1 by default) at each milestone epoch, a whole number from 0.
 * @throws OG_BAD_ARGUMENT
 */
export const multiStep = (milestones: readonly number[], gamma = 0.1): Schedule => {
  requireNumber('gamma', gamma, Number.isFinite(gamma) && gamma > 0, 'a finite number above 0');
  for (const at of milestones)
    requireNumber('a milestone', at, Number.isInteger(at) && at >= 0, 'whole numbers from 0');
  return {
    name: 'multi-step',
    factor: (epoch) => milestones.reduce((factor, at) => (epoch >= at ? factor * gamma : factor), 1),
  };
};

/**
 * From 1 down to `minimum`, a share from 0 to 1, along half a cosine: minimum + (1 − minimum)(1 + cos(π e/E))/2.
 * @throws OG_BAD_ARGUMENT
 */
export const cosine = (minimum = 0): Schedule => {
  requireShare('minimum', minimum);
  return {
    name: 'cosine',
    factor: (epoch, epochs) => minimum + ((1 - minimum) * (1 + cosPi(epoch / epochs))) / 2,
  };
};

/** cos(πt) for t in [0, 1] by its series: the same bits on every engine, which `Math.cos` does not promise. */
const cosPi = (t: number): number => {
  if (t > 0.5) return -cosPi(1 - t);
  const square = -((Math.PI * t) ** 2);
  let term = 1;
  let sum = 1;
  for (let k = 2; k <= 24; k += 2) {
    term *= square / (k * (k - 1));
    sum += term;
  }
  return sum;
};
