/** What is published of adversary 1 by data set, beside ours. */

import type { Comparison } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { CIFAR_100, COMBINING, REPRODUCTIONS } from '../../published/ml-leaks-2019/figures.ts';
import { type Attacked, metricOf } from '../shokri/attacked.ts';
import { mayGuess } from './adversaries.ts';
import { FIGURES } from './along.ts';
import type { Row } from './data-sets.ts';
import { standsFor, unlikePaper } from './setting.ts';

/** Differences that count as none, of the claim that one shadow model does as well as ten. */
const AS_WELL = 0.05;
const SHOKRI_SHADOWS = 10;

export function comparisonsOf(row: Row): Comparison[] {
  const { label, first, shokri } = row;
  const data = standsFor(first.target.data.name);
  const beside = (
    who: string,
    attacked: Attacked,
    published: (typeof CIFAR_100)['adversary 1'],
    more?: string,
  ) =>
    FIGURES.map((name) => {
      const unlike = joined(unlikePaper(attacked, data), more);
      return compare(`${name} of ${who}, ${label}`, published[name], metricOf(attacked, name) ?? null, {
        nothing: 0.5,
        ...(unlike !== undefined && { unlike }),
      });
    });
  return [
    ...(data === 'cifar100' ? beside('adversary 1', first, CIFAR_100['adversary 1']) : []),
    ...(data === 'cifar100' && shokri
      ? beside('Shokri et al.', shokri, CIFAR_100['Shokri et al.'], shadowsText(shokri))
      : []),
    ...(data === 'purchase-100' ? beside('adversary 1', first, COMBINING.mlp.single) : []),
    ...(data === 'cifar10' ? others(row) : []),
    ...(shokri ? asWell(row, shokri) : []),
  ];
}

/** What others got of the released code. */
function others({ label, first }: Row): Comparison[] {
  const unlike = unlikePaper(first, 'cifar10');
  const ours = metricOf(first, 'precision') ?? null;
  return (['most', 'best'] as const).map((which) =>
    compare(
      `precision of adversary 1 as ${which === 'most' ? 'most others' : 'the best of the others'} found it, ${label}`,
      REPRODUCTIONS[which],
      ours,
      {
        nothing: 0.5,
        ...(unlike !== undefined && { unlike }),
      },
    ),
  );
}

/** The claim of Fig. 1: as good as Shokri's attack at a fraction of its cost. A claim about attacks, whatever the data. */
function asWell({ label, first }: Row, shokri: Attacked): Comparison[] {
  return FIGURES.map((name) =>
    compareOrder(
      `${name} of adversary 1 less that of Shokri et al., ${label}`,
      { first: CIFAR_100['adversary 1'][name], second: CIFAR_100['Shokri et al.'][name] },
      { first: metricOf(first, name) ?? null, second: metricOf(shokri, name) ?? null },
      {
        within: AS_WELL,
        ...((mayGuess(first) || mayGuess(shokri)) && {
          unlike: 'one of the attacks cannot be told from guessing, whose recall may be anything',
        }),
      },
    ),
  );
}

function shadowsText({ params }: Attacked): string | undefined {
  return params.shadows === SHOKRI_SHADOWS
    ? undefined
    : `${String(params.shadows)} shadow models, not ${SHOKRI_SHADOWS}`;
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  const all = parts.filter((part) => part !== undefined);
  return all.length === 0 ? undefined : all.join('; ');
}
