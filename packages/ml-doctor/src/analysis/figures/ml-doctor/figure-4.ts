/** Attribute inference on every target: Fig. 4 of ML-Doctor. */

import { IMPUTATION } from '../../../report/verdict/attribute-grade.ts';
import type { FigureKind } from '../../figure.ts';
import { WITHIN } from '../../published/compare.ts';
import { betweenModes } from './mode-claims.ts';
import { performance } from './performance.ts';

export const figure4: FigureKind = {
  name: 'ml-doctor-2022/figure-4',
  title: 'Attribute inference by data set and architecture',
  source: 'Liu et al., USENIX Security 2022, Fig. 4',
  needs: 'undefended targets with attribute/embedding',
  build: (evidence) =>
    performance(evidence, {
      kind: figure4,
      parts: [
        {
          id: 'attribute',
          label: 'accuracy of the guessed attribute',
          modes: ['AttrInf <W,S>', 'AttrInf <W,P>'],
          guess: { baseline: IMPUTATION, label: 'Without the model' },
        },
      ],
      notes: [
        'Without the model: what a predictor of the same attribute reaches that learns on the attacker’s records and never sees the target (Jayaraman & Evans, CCS 2022). The paper compares with guessing at random only.',
      ],
      claims: (targets) => [
        betweenModes(targets, ['AttrInf <W,P>', 'AttrInf <W,S>'], {
          where: 'Fig. 4 and Tables 3 and 4',
          within: WITHIN,
        }),
      ],
    }),
};
