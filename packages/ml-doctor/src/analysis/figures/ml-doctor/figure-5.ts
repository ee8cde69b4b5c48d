/** Model stealing on every target: Fig. 5 of ML-Doctor. */

import { OWN_LABELS } from '../../../report/verdict/stealing-grade.ts';
import type { FigureKind } from '../../figure.ts';
import { betweenModes } from './mode-claims.ts';
import { performance } from './performance.ts';

export const figure5: FigureKind = {
  name: 'ml-doctor-2022/figure-5',
  title: 'Model stealing by data set and architecture',
  source: 'Liu et al., USENIX Security 2022, Fig. 5',
  needs: 'undefended targets with stealing/posterior-matching',
  build: (evidence) =>
    performance(evidence, {
      kind: figure5,
      parts: [
        {
          id: 'stealing',
          label: 'agreement with the target',
          modes: ['ModSteal <B,S>', 'ModSteal <B,P>'],
          guess: { baseline: OWN_LABELS, label: 'Without a query' },
        },
      ],
      notes: [
        'Without a query: agreement of a model learnt from as many records’ own labels. What lies above it was stolen.',
        'The partial records are fewer than the shadow records, in the paper too: <B,P> has fewer queries.',
      ],
      claims: (targets) => [
        betweenModes(targets, ['ModSteal <B,P>', 'ModSteal <B,S>'], { where: 'Fig. 5 and Tables 3 and 4' }),
      ],
    }),
};
