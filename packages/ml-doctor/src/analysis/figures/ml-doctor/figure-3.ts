/** Model inversion on every target: Fig. 3 of ML-Doctor. */

import { START } from '../../../report/verdict/inversion-grade.ts';
import type { FigureKind } from '../../figure.ts';
import { performance } from './performance.ts';

export const figure3: FigureKind = {
  name: 'ml-doctor-2022/figure-3',
  title: 'Model inversion by data set and architecture',
  source: 'Liu et al., USENIX Security 2022, Fig. 3',
  needs: 'undefended targets with inversion/secret-revealer or inversion/mi-face',
  build: (evidence) =>
    performance(evidence, {
      kind: figure3,
      parts: [
        {
          id: 'judge-accuracy',
          label: 'accuracy of the judge',
          modes: ['ModInv <W,S>'],
          guess: { baseline: START, label: 'Random' },
        },
        { id: 'error', label: 'mean squared error to the class mean', modes: ['ModInv <W,N>'] },
      ],
      notes: [
        'Random: the judge’s accuracy on what the generator makes of the first latent vectors, before anything is optimised.',
        'Of the error the lower is the better attack. It depends above all on how values are scaled, and hardly on the target.',
        'The bars of the paper’s Fig. 3 contradict its Fig. 6 and Tables 3 and 4; published figures of ModInv <W,S> are of the latter.',
      ],
      claims: () => [],
    }),
};
