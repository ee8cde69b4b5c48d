/** Precision of Shokri's attack against the number of training records: one data set, cut to several sizes. */

import { AuditError } from '../../../errors.ts';
import { grouped } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import { type LinePoint, lineChart } from '../../charts/lines.ts';
import { accuracyOf, membersOf } from '../../evidence/facts.ts';
import type { Comparison, FigureKind, Table } from '../../figure.ts';
import { CIFAR10_MEDIAN_PRECISION } from '../../published/shokri-2017/targets.ts';
import { type Attacked, attackedOf, isPlain, metricOf } from './attacked.ts';
import {
  type ClassFigure,
  classDifferences,
  classFigures,
  medianMetric,
  precisionsOf,
} from './class-figures.ts';
import { type LadderOf, ladders } from './ladders.ts';
import { alike, failures, needed } from './needed.ts';
import { compareChange } from './order-of-change.ts';
import { change, three } from './words.ts';

interface Rung {
  readonly attacked: Attacked;
  readonly members: number;
  readonly classes: readonly ClassFigure[];
  /** Over classes. */
  readonly median: Metric;
}

type Ladder = LadderOf<Rung>;

export const trainingSize: FigureKind = {
  name: 'shokri-2017/training-size',
  title: 'Precision of the shadow-model attack against the number of training records',
  source: 'Shokri et al., S&P 2017, Fig. 4',
  needs: 'undefended targets with membership/shokri, of one data set with two recordsPerRole or more',
  build: (evidence) => {
    const found = laddersOf(needed(attackedOf(evidence).filter(isPlain), trainingSize));
    if (found.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${trainingSize.name}: no two targets differ in the number of training records alone`,
        'Study one data set twice or more, each time with another recordsPerRole.',
      );
    alike(found.flatMap(({ rungs }) => rungs));
    const finding = found.map(sentence).join(' ');
    return {
      name: trainingSize.name,
      title: trainingSize.title,
      finding,
      charts: [
        lineChart(
          {
            id: 'precision',
            title: 'Median precision over classes by training records',
            description: finding,
          },
          {
            x: { label: 'training records', as: 'log' },
            y: { label: 'median precision of a class' },
            points: [...found.flatMap(pointsOf), ...PUBLISHED],
          },
        ),
      ],
      tables: found.map(sizeTable),
      comparisons: found.flatMap(order),
      notes: [
        'The interval of a median takes the classes for a sample of classes, and holds the error of judging each on few records. That of a change is over the differences of each class, between other records of one data set.',
        'Recipe and number of epochs are the same at all sizes: with more records a training takes more steps.',
      ],
      holes: failures(evidence),
    };
  },
};

const PUBLISHED: readonly LinePoint[] = Object.entries(CIFAR10_MEDIAN_PRECISION).map(
  ([members, { value }]) => ({
    ...{ series: 'cifar10, published', x: Number(members), y: value },
  }),
);

function laddersOf(all: readonly Attacked[]): Ladder[] {
  const rungs = all.flatMap((attacked): Rung[] => {
    const classes = classFigures(attacked);
    const precisions = precisionsOf(classes);
    if (precisions.length === 0) return [];
    const members = membersOf(attacked.target);
    return [{ attacked, members, classes, median: medianMetric(precisions) }];
  });
  return ladders(
    rungs,
    ({ attacked: { target, params } }) => {
      const { recordsPerRole: _, ...rest } = target.data.params;
      return { name: target.data.name, params: rest, also: { model: target.model, attack: params } };
    },
    ({ members }) => members,
  );
}

const endsOf = ({ rungs }: Ladder) => ({ first: rungs[0] as Rung, last: rungs.at(-1) as Rung });

/** Of the precision of a class, from the fewest to the most records. */
function changeOf(ladder: Ladder): Metric | undefined {
  const { first, last } = endsOf(ladder);
  const differences = classDifferences(last.classes, first.classes);
  return differences.length === 0 ? undefined : medianMetric(differences);
}

function sentence(ladder: Ladder): string {
  const { first, last } = endsOf(ladder);
  const changed = changeOf(ladder);
  const told = changed ? `; within a class it changes by ${change(changed)} in the median` : '';
  return (
    `On ${ladder.label} the median precision over classes goes from ${three(first.median)} with ` +
    `${grouped(first.members)} training records to ${three(last.median)} with ${grouped(last.members)}${told}.`
  );
}

function pointsOf({ label, rungs }: Ladder): LinePoint[] {
  return rungs.map(({ members, median: { value, low, high } }) => ({
    ...{ series: label, x: members, y: value },
    ...(low !== null && high !== null && { low, high }),
  }));
}

function sizeTable({ label, rungs }: Ladder, index: number): Table {
  return {
    id: index === 0 ? 'precision' : `precision-${index + 1}`,
    caption: `Precision by number of training records: ${label}.`,
    columns: [
      { key: 'members', label: 'Training records', digits: 0 },
      { key: 'train', label: 'Train accuracy' },
      { key: 'test', label: 'Test accuracy' },
      { key: 'classes', label: 'Classes with a precision', digits: 0 },
      { key: 'median', label: 'Precision of a class, median' },
      { key: 'recall', label: 'Recall of a class, median' },
      { key: 'precision', label: 'Precision over all records' },
      { key: 'published', label: 'Published median (CIFAR-10)' },
    ],
    rows: rungs.map(({ attacked, members, classes, median }) => ({
      members,
      train: accuracyOf(attacked.target, 'trainAccuracy') ?? null,
      test: accuracyOf(attacked.target, 'testAccuracy') ?? null,
      classes: precisionsOf(classes).length,
      median,
      recall: medianMetric(classes.map(({ recall }) => recall)),
      precision: metricOf(attacked, 'precision') ?? null,
      published: PUBLISHED.find(({ x }) => x === members)?.y ?? null,
    })),
  };
}

/**
 * The claim: with more records a class is told less precisely. A direction, whatever the sizes. Ours is the median of the
 * differences of each class, which is surer than the difference of the medians.
 */
function order(ladder: Ladder): Comparison[] {
  const { first, last } = endsOf(ladder);
  const changed = changeOf(ladder);
  if (changed === undefined) return [];
  const { 2500: few, 15000: many } = CIFAR10_MEDIAN_PRECISION;
  return [
    compareChange(
      `median precision with ${grouped(last.members)} training records less that with ${grouped(first.members)}, ${ladder.label}`,
      { first: many, second: few },
      changed,
    ),
  ];
}
