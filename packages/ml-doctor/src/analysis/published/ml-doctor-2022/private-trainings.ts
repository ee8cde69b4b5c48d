/** The private trainings of ML-Doctor's Tables 3 and 5: what they claim, and the noise that gives it. */

import type { Published } from '../../figure.ts';
import { printed } from '../provenance.ts';
import type { PaperData } from './names.ts';

export interface PrivateTraining {
  /** At delta 1e-5, of 300 epochs of ⌈N/64⌉ steps at a rate of 64/N, by the older conversion of Opacus. */
  readonly epsilon: Published;
  /** The multiplier that gives this epsilon: not printed, but the only one of two digits that does. */
  readonly noiseMultiplier: number;
}

/** Of all eight. */
export const PRIVATE_DELTA = 1e-5;

const training = (epsilon: number, noiseMultiplier: number): PrivateTraining => ({
  epsilon: printed(epsilon, 3, 'Table 3'),
  noiseMultiplier,
});

/** The paper's numbering: on UTKFace the first is the larger epsilon. */
export const PRIVATE_TRAININGS: Readonly<
  Record<PaperData, Readonly<Record<'epsilon1' | 'epsilon2', PrivateTraining>>>
> = {
  CelebA: { epsilon1: training(5.139, 0.9), epsilon2: training(6.574, 0.8) },
  FMNIST: { epsilon1: training(8.408, 0.95), epsilon2: training(9.355, 0.9) },
  STL10: { epsilon1: training(8.834, 1.7), epsilon2: training(9.604, 1.6) },
  UTKFace: { epsilon1: training(9.578, 1.3), epsilon2: training(7.762, 1.5) },
};
