/** Adversaries 1 and 3 by data set, beside Shokri's attack: Fig. 1 of ML-Leaks, and what needs no training. */

import type { Metric } from '../../../report/schema.ts';
import { type Bar, barChart } from '../../charts/bars.ts';
import { accuracyOf, overfittingOf } from '../../evidence/facts.ts';
import type { FigureKind, Hole, Table } from '../../figure.ts';
import {
  type Attacked,
  attackedOf,
  isPlain,
  isUndefended,
  metricOf,
  targetLabels,
} from '../shokri/attacked.ts';
import { change, three } from '../shokri/words.ts';
import { asked, bounds, firstAdversary, less, mayGuess, needed, unmixed } from './adversaries.ts';
import { comparisonsOf } from './data-set-comparisons.ts';
import { standInNotes, standsFor } from './setting.ts';

/** What the third adversary compares, as the attack names it. */
const STATISTICS = ['maximum', 'standard-deviation', 'entropy'] as const;
type Statistic = (typeof STATISTICS)[number];

const STATISTIC_LABELS: Readonly<Record<Statistic, string>> = {
  maximum: 'largest posterior',
  'standard-deviation': 'standard deviation',
  entropy: 'entropy',
};

/** A target under adversary 1, with the other attacks on it. */
export interface Row {
  readonly label: string;
  readonly first: Attacked;
  /** With the most shadow models, where several numbers were tried. */
  readonly shokri: Attacked | undefined;
  readonly third: Readonly<Partial<Record<Statistic, Attacked>>>;
}

export const dataSets: FigureKind = {
  name: 'ml-leaks-2019/figure-1',
  title: 'Adversaries 1 and 3 by data set, beside the attack of Shokri et al.',
  source: 'Salem et al., NDSS 2019, Fig. 1 and § V',
  needs: 'undefended targets with membership/ml-leaks, adversary 1',
  build: (evidence) => {
    const firsts = needed(firstAdversary(evidence).filter(isUndefended), dataSets);
    unmixed(firsts);
    const labelOf = targetLabels(firsts);
    const shokris = attackedOf(evidence).filter(isPlain);
    const thirds = asked(evidence, 3);
    const rows = firsts.map((first): Row => {
      const same = ({ target }: Attacked) => target === first.target;
      const found = STATISTICS.map((statistic) => [
        statistic,
        thirds.find((one) => same(one) && one.params.statistic === statistic),
      ]);
      return {
        ...{ label: labelOf(first), first },
        shokri: shokris
          .filter(same)
          .reduce<Attacked | undefined>(
            (a, b) => (a === undefined || Number(b.params.shadows) > Number(a.params.shadows) ? b : a),
            undefined,
          ),
        third: Object.fromEntries(found.filter(([, one]) => one !== undefined)),
      };
    });
    const finding = sentences(rows);
    const shadows = [...new Set(rows.flatMap(({ shokri }) => (shokri ? [shokri.params.shadows] : [])))];
    return {
      ...{ name: dataSets.name, title: dataSets.title, finding },
      charts: [
        barChart(
          { id: 'precision-recall', title: 'Precision and recall by target', description: finding },
          {
            y: { label: 'at the attacker’s threshold', domain: [0, 1] },
            bars: rows.flatMap(ratesOf),
            reference: 0.5,
          },
        ),
        ...(thirds.length > 0
          ? [
              barChart(
                {
                  id: 'adversary-3',
                  title: 'AUC of adversary 3 by target and statistic',
                  description: finding,
                },
                { y: { label: 'AUC', domain: [0, 1] }, bars: rows.flatMap(areasOf), reference: 0.5 },
              ),
            ]
          : []),
      ],
      tables: [tableOf(rows)],
      comparisons: rows.flatMap(comparisonsOf),
      notes: [
        'Precision and recall are at the attacker’s own threshold, on as many members as non-members: guessing has a precision of 0.5.',
        ...(shadows.length > 0
          ? [
              `Shokri’s attack has ${shadows.join(' or ')} shadow models here, each trained on a random half of the shadow data; ML-Leaks gives it ten.`,
            ]
          : []),
        'Of what the paper found by data set only CIFAR-100 is known in numbers; adversary 3 is not.',
        ...standInNotes(rows.map(({ first }) => first.target.data.name)),
      ],
      holes: rows.flatMap(holesOf),
    };
  },
};

const bar = (category: string, group: string, panel: string, metric: Metric | undefined): Bar[] =>
  metric === undefined ? [] : [{ category, group, panel, value: metric.value, ...bounds(metric) }];

function ratesOf({ label, first, shokri }: Row): Bar[] {
  return ['precision', 'recall'].flatMap((name) => [
    ...bar(label, 'ML-Leaks, adversary 1', name, metricOf(first, name)),
    ...bar(label, 'Shokri et al.', name, shokri && metricOf(shokri, name)),
  ]);
}

function areasOf({ label, third }: Row): Bar[] {
  return STATISTICS.flatMap((statistic) => {
    const found = third[statistic];
    const metric = found && metricOf(found, 'auc');
    return metric === undefined
      ? []
      : [{ category: label, group: STATISTIC_LABELS[statistic], value: metric.value, ...bounds(metric) }];
  });
}

function sentences(rows: readonly Row[]): string {
  const told = rows.flatMap(({ label, first }) => {
    const [precision, recall] = [metricOf(first, 'precision'), metricOf(first, 'recall')];
    return precision && recall ? [{ label, precision, recall }] : [];
  });
  const [least, most] = ends(told, ({ precision }) => precision.value);
  const range =
    least === undefined || most === undefined
      ? 'Adversary 1 calls nobody a member, on no target.'
      : `Adversary 1 has from a precision of ${three(least.precision)} and a recall of ${three(least.recall)} on ${least.label} to ${three(most.precision)} and ${three(most.recall)} on ${most.label}.`;
  const beside = rows.flatMap(({ label, first, shokri }) => {
    const [a, b] = [metricOf(first, 'f1'), shokri && metricOf(shokri, 'f1')];
    const guess = mayGuess(first) || (shokri !== undefined && mayGuess(shokri));
    return a && b && !guess ? [{ label, by: less(a, b) }] : [];
  });
  const sure = beside.filter(({ by: { low, high } }) => (low ?? -1) > 0 || (high ?? 1) < 0);
  const [lowest, highest] = ends(beside, ({ by }) => by.value);
  const comparison =
    lowest === undefined || highest === undefined
      ? ''
      : ` Its F1 less that of Shokri’s attack lies between ${change(lowest.by)} on ${lowest.label} and ${change(highest.by)} on ${highest.label}; in ${sure.length} of the ${beside.length} targets where neither may be guessing it is certain which is higher.`;
  const areas = rows.flatMap(({ label, third: { maximum } }) => {
    const auc = maximum && metricOf(maximum, 'auc');
    return auc ? [{ label, auc }] : [];
  });
  const [weakest, strongest] = ends(areas, ({ auc }) => auc.value);
  const third =
    weakest === undefined || strongest === undefined
      ? ''
      : ` Adversary 3 by the largest posterior has an AUC from ${three(weakest.auc)} on ${weakest.label} to ${three(strongest.auc)} on ${strongest.label}.`;
  return range + comparison + third;
}

function ends<Item>(
  items: readonly Item[],
  by: (item: Item) => number,
): [Item | undefined, Item | undefined] {
  const ordered = [...items].sort((a, b) => by(a) - by(b));
  return [ordered[0], ordered.at(-1)];
}

function tableOf(rows: readonly Row[]): Table {
  return {
    id: 'data-sets',
    caption: 'Adversary 1, Shokri’s attack and the AUC of adversary 3 by target.',
    columns: [
      { key: 'target', label: 'Target' },
      { key: 'stands', label: 'Stands for' },
      { key: 'test', label: 'Test accuracy' },
      { key: 'gap', label: 'Train less test accuracy' },
      { key: 'precision', label: 'Adversary 1, precision' },
      { key: 'recall', label: 'Adversary 1, recall' },
      { key: 'shokriPrecision', label: 'Shokri, precision' },
      { key: 'shokriRecall', label: 'Shokri, recall' },
      ...STATISTICS.map((statistic) => ({
        key: `auc-${statistic}`,
        label: `Adversary 3, AUC of the ${STATISTIC_LABELS[statistic]}`,
      })),
    ],
    rows: rows.map(({ label, first, shokri, third }) => ({
      target: label,
      stands: standsFor(first.target.data.name),
      test: accuracyOf(first.target, 'testAccuracy') ?? null,
      gap: overfittingOf(first.target) ?? null,
      precision: metricOf(first, 'precision') ?? null,
      recall: metricOf(first, 'recall') ?? null,
      shokriPrecision: (shokri && metricOf(shokri, 'precision')) ?? null,
      shokriRecall: (shokri && metricOf(shokri, 'recall')) ?? null,
      ...Object.fromEntries(
        STATISTICS.map((statistic) => {
          const found = third[statistic];
          return [`auc-${statistic}`, (found && metricOf(found, 'auc')) ?? null];
        }),
      ),
    })),
  };
}

function holesOf({ label, first, shokri, third }: Row): Hole[] {
  const hole = (what: string, message: string, hint: string): Hole => ({
    ...{ what: `${what} on ${label}`, code: 'MLD_EVIDENCE_MISSING', message, hint },
  });
  return [
    ...(metricOf(first, 'precision') === undefined
      ? [
          hole(
            'precision of adversary 1',
            'it called nobody a member',
            'Read the AUC, which needs no threshold.',
          ),
        ]
      : []),
    ...(shokri === undefined
      ? [hole('Shokri’s attack', 'the study does not have it', 'Add membership/shokri: { shadows: 10 }.')]
      : []),
    ...STATISTICS.filter((statistic) => third[statistic] === undefined).map((statistic) =>
      hole(
        `adversary 3 by ${STATISTIC_LABELS[statistic]}`,
        'the study does not have it',
        `Add membership/ml-leaks: { adversary: 3, statistic: ${statistic} }.`,
      ),
    ),
  ];
}
