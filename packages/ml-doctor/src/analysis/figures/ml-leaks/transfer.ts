/** Adversary 2, whose shadow model learns from another data set: the transfer matrix of ML-Leaks. */

import { plural } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import { gridChart } from '../../charts/grid.ts';
import type { Comparison, FigureKind, Hole, Published, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { CIFAR_100, NEWS_TO_CIFAR_100, type PrecisionRecall } from '../../published/ml-leaks-2019/figures.ts';
import { type Attacked, isUndefended, metricOf } from '../shokri/attacked.ts';
import { change } from '../shokri/words.ts';
import { asked, firstAdversary, less, mayGuess, needed, unmixed } from './adversaries.ts';
import { FIGURES } from './along.ts';
import { standInNotes, unlikePaper } from './setting.ts';

/** "A few percent". */
const FEW = 0.05;

/** A shadow data set and a target; adversary 1 where they are one. */
export interface Pair {
  readonly shadow: string;
  readonly target: string;
  readonly attacked: Attacked;
  /** Adversary 1 on the same target; undefined of itself, and where there is none. */
  readonly own: Attacked | undefined;
}

export const transfer: FigureKind = {
  name: 'ml-leaks-2019/transfer',
  title: 'Adversary 2: shadow models on other data sets',
  source: 'Salem et al., NDSS 2019, § IV',
  needs: 'undefended targets with membership/ml-leaks, adversary 2',
  build: (evidence) => {
    const others = needed(asked(evidence, 2).filter(isUndefended), transfer);
    unmixed(others);
    const attackedTargets = new Set(others.map(({ target }) => target));
    const firsts = firstAdversary(evidence).filter(({ target }) => attackedTargets.has(target));
    const ownOf = ({ target }: Attacked) => firsts.find((first) => first.target === target);
    const pairs = distinctPairs([
      ...firsts.map((attacked): Pair => {
        const { name } = attacked.target.data;
        return { shadow: name, target: name, attacked, own: undefined };
      }),
      ...others.map((attacked): Pair => {
        const { params, target } = attacked;
        return { shadow: String(params.data), target: target.data.name, attacked, own: ownOf(attacked) };
      }),
    ]);
    const finding = sentence(pairs);
    const names = [...new Set(pairs.map(({ target }) => target))];
    const shadows = [...new Set([...names, ...pairs.map(({ shadow }) => shadow)])];
    return {
      ...{ name: transfer.name, title: transfer.title, finding },
      charts: [
        gridChart(
          {
            id: 'transfer',
            title:
              'Precision and recall: shadow model on the data set of the row, target on that of the column',
            description: finding,
          },
          {
            fields: shadows.flatMap((shadow) =>
              names.map((target) => {
                const pair = pairs.find((one) => one.shadow === shadow && one.target === target);
                const f1 = pair && metricOf(pair.attacked, 'f1');
                return { row: shadow, column: target, value: f1?.value ?? null, text: fieldText(pair) };
              }),
            ),
            domain: [0, 1],
            legend: 'F1',
          },
        ),
      ],
      tables: [tableOf(pairs)],
      comparisons: pairs.flatMap(comparisonsOf),
      notes: [
        'The diagonal is adversary 1. A field has the precision above the recall; its colour is F1.',
        `A few percent are taken to be ${FEW * 100} points: more is lost where F1 is lower for certain and by more than that. Changes of F1 have intervals that are too wide rather than too narrow, as both attacks are judged on the same records.`,
        'F1 of an attacker who calls everybody a member is 0.667: read it together with the precision.',
        'The shadow model has as many records as the target’s own would have, and is of a kind that suits its data set.',
        ...standInNotes(shadows),
      ],
      holes: holesOf(pairs, shadows, names),
    };
  },
};

/** Of one pair asked in several ways, the first. */
function distinctPairs(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(
    ({ shadow, target }, i) => pairs.findIndex((one) => one.shadow === shadow && one.target === target) === i,
  );
}

function fieldText(pair: Pair | undefined): string {
  if (pair === undefined) return '';
  const [precision, recall] = FIGURES.map((name) => metricOf(pair.attacked, name)?.value.toFixed(2) ?? '–');
  return `${precision}\n${recall}`;
}

/** Of F1, adversary 2 less adversary 1; undefined of adversary 1 itself. */
function lossOf({ attacked, own }: Pair): Metric | undefined {
  const [f1, theirs] = [metricOf(attacked, 'f1'), own && metricOf(own, 'f1')];
  return f1 && theirs ? less(f1, theirs) : undefined;
}

/** Whether no more than a few percent are lost: as the comparison has it, by its rule. */
function verdictOf(pair: Pair): 'yes' | 'no' | 'gains' | 'open' {
  const { agreement, ours } = claimOf(pair);
  if (agreement === 'reproduced') return 'yes';
  if (agreement === 'not comparable' || ours === null) return 'open';
  return ours.value < 0 ? 'no' : 'gains';
}

function sentence(pairs: readonly Pair[]): string {
  const losses = pairs.flatMap((pair) => {
    const loss = lossOf(pair);
    return loss === undefined ? [] : [{ pair, loss, verdict: verdictOf(pair) }];
  });
  const ordered = [...losses].sort((a, b) => a.loss.value - b.loss.value);
  const [worst, best] = [ordered[0], ordered.at(-1)];
  if (worst === undefined || best === undefined)
    return 'Adversary 1 was not asked on these targets: what is lost cannot be told.';
  const count = (wanted: string) => losses.filter(({ verdict }) => verdict === wanted).length;
  const told = ({ pair, loss }: typeof worst) => `${change(loss)} from ${pair.shadow} to ${pair.target}`;
  return (
    `Of ${plural(losses.length, 'transfer')} ${count('yes')} stay within ${FEW * 100} points of the F1 of adversary 1 for certain, ` +
    `${count('no')} lose more, ${count('gains')} gain more, ${count('open')} are open. ` +
    `F1 changes by ${told(worst)} at worst, and by ${told(best)} at best.`
  );
}

function tableOf(pairs: readonly Pair[]): Table {
  return {
    id: 'transfer',
    caption: 'Adversary 2 by shadow and target data set; adversary 1 where both are one.',
    columns: [
      { key: 'shadow', label: 'Shadow data' },
      { key: 'target', label: 'Target data' },
      { key: 'precision', label: 'Precision' },
      { key: 'recall', label: 'Recall' },
      { key: 'f1', label: 'F1' },
      { key: 'auc', label: 'AUC' },
      { key: 'loss', label: 'F1, change from adversary 1' },
      { key: 'few', label: 'Within 5 points' },
    ],
    rows: pairs.map((pair) => {
      const own = (name: string) => metricOf(pair.attacked, name) ?? null;
      const loss = lossOf(pair);
      return {
        ...{ shadow: pair.shadow, target: pair.target },
        ...{ precision: own('precision'), recall: own('recall'), f1: own('f1'), auc: own('auc') },
        loss: loss ?? null,
        few: loss ? verdictOf(pair) : null,
      };
    }),
  };
}

const PAPER = { shadow: '20newsgroups', target: 'cifar100' } as const;

/** The pair that is published, and of every pair the claim: no worse than adversary 1. */
function comparisonsOf(pair: Pair): Comparison[] {
  const { shadow, target, attacked } = pair;
  if (shadow === target) return [];
  const named = `${shadow} to ${target}`;
  const unlike = unlikePaper(attacked, PAPER.target);
  const values =
    shadow === PAPER.shadow && target === PAPER.target
      ? FIGURES.map((name) =>
          compare(`${name}, ${named}`, NEWS_TO_CIFAR_100[name], metricOf(attacked, name) ?? null, {
            nothing: 0.5,
            ...(unlike !== undefined && { unlike }),
          }),
        )
      : [];
  return [...values, claimOf(pair)];
}

function claimOf({ shadow, target, attacked, own }: Pair): Comparison {
  return compareOrder(
    `F1 of adversary 2 less that of adversary 1, ${shadow} to ${target}`,
    { first: f1Of(NEWS_TO_CIFAR_100), second: f1Of(CIFAR_100['adversary 1']) },
    { first: metricOf(attacked, 'f1') ?? null, second: (own && metricOf(own, 'f1')) ?? null },
    {
      within: FEW,
      ...(own !== undefined &&
        mayGuess(own) && {
          unlike: `adversary 1 on ${target} cannot be told from guessing: there is nothing to lose`,
        }),
    },
  );
}

/** Of the published precision and recall: it grows with both, so their ends give its own. */
export function f1Of({ precision, recall }: PrecisionRecall): Published {
  const f1 = (p: number, r: number) => (2 * p * r) / (p + r);
  return {
    value: f1(precision.value, recall.value),
    low: f1(precision.low, recall.low),
    high: f1(precision.high, recall.high),
    where: precision.where,
  };
}

function holesOf(pairs: readonly Pair[], shadows: readonly string[], targets: readonly string[]): Hole[] {
  return shadows.flatMap((shadow) =>
    targets.flatMap((target): Hole[] =>
      pairs.some((one) => one.shadow === shadow && one.target === target)
        ? []
        : [
            {
              what: `${shadow} to ${target}`,
              code: 'MLD_EVIDENCE_MISSING',
              message:
                shadow === target
                  ? `no result of adversary 1 on ${target}`
                  : `no result of adversary 2 on ${target} with a shadow model on ${shadow}`,
              hint:
                shadow === target
                  ? 'Add membership/ml-leaks to the study.'
                  : `Add membership/ml-leaks: { adversary: 2, data: ${shadow} } to a study of ${target}.`,
            },
          ],
    ),
  );
}
