/** Precision and recall of Shokri's attack by class, as the paper shows them: how they spread over classes. */

import { AuditError } from '../../../errors.ts';
import { grouped } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import { type LinePoint, lineChart } from '../../charts/lines.ts';
import { membersOf } from '../../evidence/facts.ts';
import type { Comparison, FigureKind, Published, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { CIFAR, CIFAR10_MEDIAN_PRECISION } from '../../published/shokri-2017/targets.ts';
import { type Attacked, attackedOf, isPlain, metricOf, targetLabels } from './attacked.ts';
import { type ClassFigure, classFigures, precisionsOf, type Spread, spreadOf } from './class-figures.ts';
import { alike, failures, needed } from './needed.ts';
import { cifarSetting, unlikeText } from './setting.ts';
import { three } from './words.ts';

interface Entry {
  readonly attacked: Attacked;
  readonly label: string;
  readonly classes: readonly ClassFigure[];
  readonly precision: Spread;
  readonly recall: Spread;
}

/** Classes with fewer members than this have a precision that says little on its own. */
const FEW_MEMBERS = 30;

export const perClass: FigureKind = {
  name: 'shokri-2017/per-class',
  title: 'Precision and recall of the shadow-model attack, class by class',
  source: 'Shokri et al., S&P 2017, §VI-C',
  needs: 'undefended targets with membership/shokri',
  build: (evidence) => {
    const plain = needed(attackedOf(evidence).filter(isPlain), perClass);
    const labelOf = targetLabels(plain);
    const entries = plain.flatMap((attacked): Entry[] => {
      const classes = classFigures(attacked);
      const precisions = precisionsOf(classes);
      if (precisions.length === 0) return [];
      const recall = spreadOf(classes.map((one) => one.recall));
      return [{ attacked, label: labelOf(attacked), classes, precision: spreadOf(precisions), recall }];
    });
    if (entries.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${perClass.name}: no report has the precision of a class`,
        'Run the study again with this version: earlier reports have no precision by class.',
      );
    alike(entries);
    return {
      name: perClass.name,
      title: perClass.title,
      finding: findingOf(entries),
      charts: [
        lineChart(
          {
            id: 'distribution',
            title: 'Share of classes with at most this precision or recall',
            description: findingOf(entries),
          },
          {
            x: { label: 'precision or recall within a class', domain: [0, 1], as: 'share' },
            y: { label: 'share of classes', domain: [0, 1], as: 'share' },
            points: entries.flatMap(({ label, classes }) => [
              ...steps(label, 'precision', precisionsOf(classes)),
              ...steps(
                label,
                'recall',
                classes.map(({ recall }) => recall),
              ),
            ]),
          },
        ),
      ],
      tables: [spreadTable(entries)],
      comparisons: entries.flatMap(({ attacked, precision }) => published(attacked, precision)),
      notes: notesOf(entries),
      holes: failures(evidence),
    };
  },
};

/** A point at each value: what share of the values is at most that. */
function steps(panel: string, series: string, values: readonly number[]): LinePoint[] {
  return [...values].sort((a, b) => a - b).map((x, i) => ({ panel, series, x, y: (i + 1) / values.length }));
}

function spreadTable(entries: readonly Entry[]): Table {
  return {
    id: 'spread',
    caption:
      'How precision and recall spread over classes; of several seeds the mean of each class. The interval of a median is over classes.',
    columns: [
      { key: 'target', label: 'Target' },
      { key: 'records', label: 'Training records', digits: 0 },
      { key: 'classes', label: 'Classes', digits: 0 },
      { key: 'silent', label: 'Without precision', digits: 0 },
      { key: 'least', label: 'Precision, least' },
      { key: 'lower', label: 'Lower quartile' },
      { key: 'median', label: 'Median' },
      { key: 'upper', label: 'Upper quartile' },
      { key: 'most', label: 'Most' },
      { key: 'mean', label: 'Mean' },
      { key: 'recall', label: 'Recall, median' },
    ],
    rows: entries.map(({ attacked, label, classes, precision, recall }) => ({
      target: label,
      records: membersOf(attacked.target),
      classes: classes.length,
      silent: classes.filter((one) => one.precision === undefined).length,
      least: precision.least,
      lower: precision.lowerQuartile,
      median: precision.median,
      upper: precision.upperQuartile,
      most: precision.most,
      mean: precision.mean,
      recall: recall.median,
    })),
  };
}

/** The paper tells the medians of CIFAR-10 at its least and largest size, and the precision over all classes at the largest. */
function published(attacked: Attacked, { median }: Spread): Comparison[] {
  const { name } = attacked.target.data;
  const data = name === 'cifar10-20k' ? 'cifar10' : name;
  if (data !== 'cifar10' && data !== 'cifar100') return [];
  const own = membersOf(attacked.target);
  const beside = (what: string, members: number, theirs: Published, ours: Metric | null): Comparison => {
    const unlike = unlikeText(cifarSetting(data, members), attacked);
    const told = `${what}, ${name}, ${grouped(own)} training records`;
    return compare(told, theirs, ours, { nothing: 0.5, ...(unlike !== undefined && { unlike }) });
  };
  const { members, precision } = CIFAR[data];
  const size = nearest(Object.keys(CIFAR10_MEDIAN_PRECISION).map(Number), own) as 2500;
  const medians =
    data === 'cifar10'
      ? [beside('median precision over classes', size, CIFAR10_MEDIAN_PRECISION[size], median)]
      : [];
  const whole =
    precision &&
    beside('precision over all records', members, precision, metricOf(attacked, 'precision') ?? null);
  return [...medians, ...(whole ? [whole] : [])];
}

/** By ratio. */
function nearest(sizes: readonly number[], own: number): number {
  const away = (size: number) => Math.abs(Math.log(size / own));
  return sizes.reduce((best, size) => (away(size) < away(best) ? size : best));
}

function findingOf(entries: readonly Entry[]): string {
  const told = [...entries].sort((a, b) => a.precision.median.value - b.precision.median.value);
  const [low, high] = [told[0] as Entry, told.at(-1) as Entry];
  const of = ({ label, precision, classes }: Entry) =>
    `${three(precision.median)} on ${label} (${spreadText(precisionsOf(classes).length, precision)})`;
  return entries.length === 1
    ? `The median precision over classes is ${of(low)}.`
    : `The median precision over classes is least ${of(low)} and largest ${of(high)}, of ${entries.length} targets.`;
}

/** How far single classes lie apart, where there are several. */
function spreadText(count: number, { least, most }: Spread): string {
  return count === 1 ? '1 class' : `${count} classes, from ${least.toFixed(3)} to ${most.toFixed(3)}`;
}

function notesOf(entries: readonly Entry[]): string[] {
  const silent = entries.filter(({ classes }) => classes.some(({ precision }) => precision === undefined));
  const few = entries.filter(
    ({ classes }) => classes.filter(({ members }) => members < FEW_MEMBERS).length > classes.length / 2,
  );
  return [
    ...(silent.length > 0
      ? [
          `Classes of which no record is called a member have no precision and are left out of its spread: of ${silent.map(({ label }) => label).join('; ')}.`,
        ]
      : []),
    ...(few.length > 0
      ? [
          `Most classes have fewer than ${FEW_MEMBERS} members: chance alone spreads their precision. Of ${few.map(({ label }) => label).join('; ')}.`,
        ]
      : []),
    'A guesser’s precision within a class is the share of members among its records: near .5, but not that.',
  ];
}
