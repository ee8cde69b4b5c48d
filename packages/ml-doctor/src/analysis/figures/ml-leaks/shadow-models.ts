/** An attack against how many shadow models it trains: Fig. 5 of ML-Leaks. */

import { plural } from '../../../report/format.ts';
import type { FigureKind } from '../../figure.ts';
import { attackedOf, isPlain, metricOf } from '../shokri/attacked.ts';
import { ladders } from '../shokri/ladders.ts';
import { three } from '../shokri/words.ts';
import { firstAdversary, needed } from './adversaries.ts';
import { FIGURES, figureAlong, type Ladder } from './along.ts';
import { standInNotes } from './setting.ts';

export const shadowModels: FigureKind = {
  name: 'ml-leaks-2019/figure-5',
  title: 'Precision and recall by number of shadow models',
  source: 'Salem et al., NDSS 2019, Fig. 5',
  needs: 'undefended targets with membership/shokri listed with several numbers of shadow models',
  build: (evidence) => {
    const found = ladders(
      attackedOf(evidence)
        .filter(isPlain)
        .map((attacked) => ({ attacked, at: Number(attacked.params.shadows) })),
      ({ attacked: { target, params } }) => {
        const { shadows: _, ...attack } = params;
        return { name: target.data.name, params: target.data.params, also: { model: target.model, attack } };
      },
      ({ at }) => at,
    );
    const single = firstAdversary(evidence);
    return figureAlong({
      kind: shadowModels,
      axis: 'shadow models',
      at: (at) => `with ${plural(at, 'shadow model')}`,
      ladders: needed(found, shadowModels),
      notes: [
        'Adversary 1 of ML-Leaks has one shadow model by definition. The attack with several is that of Shokri et al., with an attack model for each class, trained on what all shadow models say; each shadow model learns from a random half of the shadow data, so that these overlap.',
        ...found.flatMap((ladder) => besideText(ladder, single)),
        'The paper’s figure could not be read off: it says that the number changes little, no more.',
        ...standInNotes(found.flatMap(({ rungs: [first] }) => first?.attacked.target.data.name ?? [])),
      ],
    });
  },
};

/** Adversary 1 on the same target. */
function besideText({ label, rungs }: Ladder, single: ReturnType<typeof firstAdversary>): string[] {
  const own = single.find(({ target }) => rungs.some(({ attacked }) => attacked.target === target));
  if (own === undefined) return [];
  const told = FIGURES.flatMap((name) => {
    const metric = metricOf(own, name);
    return metric === undefined ? [] : [`${name} ${three(metric)}`];
  });
  return [`Adversary 1 with its one shadow model has on ${label} ${told.join(' and ')}.`];
}
