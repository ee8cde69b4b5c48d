/** Adversary 1 against how many of the largest posteriors it looks at: Fig. 4 of ML-Leaks. */

import { plural } from '../../../report/format.ts';
import type { FigureKind } from '../../figure.ts';
import { isUndefended } from '../shokri/attacked.ts';
import { ladders } from '../shokri/ladders.ts';
import { asked, needed } from './adversaries.ts';
import { figureAlong } from './along.ts';
import { standInNotes } from './setting.ts';

export const posteriors: FigureKind = {
  name: 'ml-leaks-2019/figure-4',
  title: 'Precision and recall of adversary 1 by number of posteriors it looks at',
  source: 'Salem et al., NDSS 2019, Fig. 4',
  needs:
    'undefended targets with membership/ml-leaks, adversary 1, listed with several numbers of posteriors',
  build: (evidence) => {
    const found = ladders(
      asked(evidence, 1)
        .filter(isUndefended)
        .map((attacked) => ({ attacked, at: Number(attacked.params.posteriors) })),
      ({ attacked: { target, params } }) => {
        const { posteriors: _, ...attack } = params;
        return { name: target.data.name, params: target.data.params, also: { model: target.model, attack } };
      },
      ({ at }) => at,
    );
    return figureAlong({
      kind: posteriors,
      axis: 'posteriors',
      at: (at) => `with ${plural(at, 'posterior')}`,
      from: 3,
      ladders: needed(found, posteriors),
      notes: [
        'Changes are from 3 posteriors, the paper’s choice. A target with fewer classes than posteriors asked for shows all it has.',
        'The paper’s figure could not be read off: it says that the number changes little, no more.',
        ...standInNotes(found.flatMap(({ rungs: [first] }) => first?.attacked.target.data.name ?? [])),
      ],
    });
  },
};
