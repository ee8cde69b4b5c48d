/** Membership inference on every target: Fig. 2 of ML-Doctor. */

import type { FigureKind } from '../../figure.ts';
import { WITHIN } from '../../published/compare.ts';
import type { PaperData, PaperMode } from '../../published/ml-doctor-2022/names.ts';
import { betweenData, betweenModes } from './mode-claims.ts';
import { performance } from './performance.ts';

const WHERE = 'Fig. 2 and Tables 3 and 4';

/** White-box at least black-box with the same data; members in hand give little over records like them. */
const STRONGER: readonly (readonly [PaperMode, PaperMode])[] = [
  ['MemInf <W,S>', 'MemInf <B,S>'],
  ['MemInf <W,P>', 'MemInf <B,P>'],
];
const LITTLE_OVER: readonly (readonly [PaperMode, PaperMode])[] = [
  ['MemInf <B,P>', 'MemInf <B,S>'],
  ['MemInf <W,P>', 'MemInf <W,S>'],
];
/** STL10 > CelebA, about as UTKFace, > FMNIST. */
const MORE_ON: readonly (readonly [PaperData, PaperData])[] = [
  ['STL10', 'CelebA'],
  ['STL10', 'UTKFace'],
  ['CelebA', 'FMNIST'],
  ['UTKFace', 'FMNIST'],
];

export const figure2: FigureKind = {
  name: 'ml-doctor-2022/figure-2',
  title: 'Membership inference by data set and architecture',
  source: 'Liu et al., USENIX Security 2022, Fig. 2',
  needs: 'undefended targets with membership/shadow-classifier',
  build: (evidence) =>
    performance(evidence, {
      kind: figure2,
      parts: [
        {
          id: 'membership',
          label: 'balanced accuracy',
          modes: ['MemInf <B,S>', 'MemInf <B,P>', 'MemInf <W,S>', 'MemInf <W,P>'],
          reference: 0.5,
        },
      ],
      notes: ['Guessing has .5, the dashed line. The paper’s accuracy is of as many members as non-members.'],
      claims: (targets) => [
        ...STRONGER.map((pair) => betweenModes(targets, pair, { where: WHERE })),
        ...LITTLE_OVER.map((pair) => betweenModes(targets, pair, { where: WHERE, within: WITHIN })),
        ...MORE_ON.map((pair) => betweenData(targets, 'MemInf <W,S>', pair, { where: WHERE })),
      ],
    }),
};
