/** How attacks and overfitting go together over ML-Doctor's targets: Fig. 9, and what its other figures give. */

import type { Published } from '../../figure.ts';
import { correlation } from '../provenance.ts';
import type { PaperMode } from './names.ts';

/** Attribute inference is of faces: two data sets of the four. */
const TARGETS = 20;
const FACE_TARGETS = 10;

export interface PublishedCorrelation {
  readonly between: readonly [PaperMode | 'overfitting', PaperMode];
  /** Pearson's. */
  readonly r: Published;
}

/** The Pearson correlations that Fig. 9 prints. */
export const FIGURE_9: readonly PublishedCorrelation[] = [
  { between: ['MemInf <B,S>', 'ModSteal <B,S>'], r: correlation(-0.821, TARGETS, 'Fig. 9') },
  { between: ['MemInf <B,P>', 'ModSteal <B,P>'], r: correlation(-0.82, TARGETS, 'Fig. 9') },
  { between: ['MemInf <W,S>', 'AttrInf <W,S>'], r: correlation(0.576, FACE_TARGETS, 'Fig. 9') },
  { between: ['MemInf <W,P>', 'AttrInf <W,P>'], r: correlation(0.341, FACE_TARGETS, 'Fig. 9') },
  { between: ['MemInf <W,S>', 'ModInv <W,S>'], r: correlation(-0.524, TARGETS, 'Fig. 9') },
  { between: ['ModInv <W,S>', 'AttrInf <W,S>'], r: correlation(0.229, FACE_TARGETS, 'Fig. 9') },
];

/** Printed nowhere: computed from the points of the figures, which are in `accuracy.ts` and `attacks.ts`. */
export const OVERFITTING_CORRELATIONS: readonly PublishedCorrelation[] = [
  { between: ['overfitting', 'MemInf <W,S>'], r: correlation(0.88, TARGETS, recomputed('2')) },
  { between: ['overfitting', 'ModInv <W,S>'], r: correlation(-0.67, TARGETS, recomputed('6')) },
  { between: ['overfitting', 'ModSteal <B,S>'], r: correlation(-0.95, TARGETS, recomputed('5')) },
];

function recomputed(figure: string): string {
  return `recomputed from Figs. ${figure} and 7 and Tables 3 and 4`;
}

/** Of two modes, or of overfitting and a mode, in either order. */
export function publishedCorrelation(one: string, other: string): Published | undefined {
  const found = [...FIGURE_9, ...OVERFITTING_CORRELATIONS].find(
    ({ between: [a, b] }) => (a === one && b === other) || (a === other && b === one),
  );
  return found?.r;
}
