/** What ML-Doctor's figures would be without any attack, and which differences matter: for the rule of `compare.ts`. */

import { type CompareOptions, WITHIN } from '../compare.ts';
import type { PaperData, PaperMode } from './names.ts';

/** A judge's accuracy on pictures of a generator that nothing was optimised on (Fig. 3, read off). */
const RANDOM_INVERSION: Readonly<Record<PaperData, number>> = {
  CelebA: 0.11,
  FMNIST: 0.09,
  STL10: 0.09,
  UTKFace: 0.24,
};

const CLASSES: Readonly<Record<PaperData, number>> = { CelebA: 8, FMNIST: 10, STL10: 10, UTKFace: 4 };

/** Guesses of the attribute at random (Fig. 4): four categories, and two. */
const RANDOM_ATTRIBUTE: Partial<Record<PaperData, number>> = { CelebA: 0.25, UTKFace: 0.49 };

/** Of errors, which are of every size: a tenth of what is published. */
const ERROR_WITHIN = 0.1;

/** For the figures of a mode as the paper gives them: accuracy, mean squared error or agreement. */
export function yardstick(
  mode: PaperMode,
  data: PaperData,
  published: number,
): Pick<CompareOptions, 'nothing' | 'within'> {
  if (mode === 'ModInv <W,N>') return { within: ERROR_WITHIN * published };
  const nothing = nothingOf(mode, data);
  return { within: WITHIN, ...(nothing !== undefined && { nothing }) };
}

function nothingOf(mode: PaperMode, data: PaperData): number | undefined {
  if (mode.startsWith('MemInf')) return 0.5;
  if (mode.startsWith('AttrInf')) return RANDOM_ATTRIBUTE[data];
  return mode.startsWith('ModInv') ? RANDOM_INVERSION[data] : 1 / CLASSES[data];
}
