/** Adversary 1 against how long the target was trained: Fig. 3 of ML-Leaks. */

import { plural } from '../../../report/format.ts';
import { epochsOf } from '../../evidence/facts.ts';
import type { FigureKind } from '../../figure.ts';
import { isUndefended } from '../shokri/attacked.ts';
import { ladders } from '../shokri/ladders.ts';
import { firstAdversary, needed } from './adversaries.ts';
import { figureAlong, type Rung } from './along.ts';
import { standInNotes } from './setting.ts';

export const epochs: FigureKind = {
  name: 'ml-leaks-2019/figure-3',
  title: 'Precision and recall of adversary 1 by epochs of the target’s training',
  source: 'Salem et al., NDSS 2019, Fig. 3',
  needs: 'undefended targets with membership/ml-leaks, adversary 1, that differ in their epochs only',
  build: (evidence) => {
    const rungs = firstAdversary(evidence)
      .filter(isUndefended)
      .flatMap((attacked): Rung[] => {
        const at = epochsOf(attacked.target);
        return at === undefined ? [] : [{ attacked, at }];
      });
    const found = ladders(
      rungs,
      ({ attacked: { target, params } }) => {
        const { epochs: _, ...training } = target.model.params;
        return {
          name: target.data.name,
          params: target.data.params,
          also: { model: target.model.name, training, attack: params },
        };
      },
      ({ at }) => at,
    );
    return figureAlong({
      kind: epochs,
      axis: 'epochs',
      at: (at) => `with ${plural(at, 'epoch')}`,
      ladders: needed(found, epochs),
      notes: [
        'The attacker trains his shadow model for as many epochs as the target has.',
        'The paper’s figure could not be read off: it says that precision and recall grow with the epochs, no more.',
        ...standInNotes(found.flatMap(({ rungs: [first] }) => first?.attacked.target.data.name ?? [])),
      ],
    });
  },
};
