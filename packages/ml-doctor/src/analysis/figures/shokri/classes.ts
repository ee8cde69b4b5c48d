/** Precision of Shokri's attack against the number of classes: one kind of data, clustered more or less finely. */

import { AuditError } from '../../../errors.ts';
import type { Metric } from '../../../report/schema.ts';
import { MOVER, moverDifference } from '../../../stats/mover.ts';
import { lineChart } from '../../charts/lines.ts';
import { accuracyOf, membersOf } from '../../evidence/facts.ts';
import type { Comparison, FigureKind, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { TABLE_2, type Table2Data } from '../../published/shokri-2017/targets.ts';
import { type Attacked, attackedOf, isPlain, metricOf } from './attacked.ts';
import { ladders } from './ladders.ts';
import { alike, failures, needed } from './needed.ts';
import { googleSetting, standsFor, unlikeText } from './setting.ts';
import { change, three } from './words.ts';

interface Rung {
  readonly attacked: Attacked;
  readonly classes: number;
  readonly precision: Metric;
}

/** Targets alike in everything but the number of classes, from the fewest to the most. */
interface Ladder {
  /** `retail`. */
  readonly name: string;
  readonly label: string;
  readonly rungs: readonly Rung[];
}

export const numberOfClasses: FigureKind = {
  name: 'shokri-2017/classes',
  title: 'Precision of the shadow-model attack against the number of classes',
  source: 'Shokri et al., S&P 2017, Table II',
  needs:
    'undefended targets with membership/shokri on two or more of purchase-2 to purchase-100, or of retail-2 to retail-100',
  build: (evidence) => {
    const all = needed(attackedOf(evidence).filter(isPlain), numberOfClasses);
    const found = laddersOf(all);
    if (found.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${numberOfClasses.name}: no two targets differ in the number of classes alone`,
        'Study two or more of retail-2, retail-10, retail-20, retail-50 and retail-100, or of purchase-2 to purchase-100.',
      );
    alike(found.flatMap(({ rungs }) => rungs));
    const finding = found.map(sentence).join(' ');
    return {
      name: numberOfClasses.name,
      title: numberOfClasses.title,
      finding,
      charts: [
        lineChart(
          { id: 'precision', title: 'Precision by number of classes', description: finding },
          {
            x: { label: 'classes', as: 'log' },
            y: { label: 'precision of the attack' },
            points: [
              ...found.flatMap(({ label, rungs }) =>
                rungs.map(({ classes, precision }) => ({
                  ...{ series: label, x: classes, y: precision.value },
                  ...(precision.low !== null &&
                    precision.high !== null && { low: precision.low, high: precision.high }),
                })),
              ),
              ...PURCHASES.map(({ classes, precision }) => ({
                ...{ series: 'purchase, published', x: classes, y: precision.value },
              })),
            ],
          },
        ),
      ],
      tables: found.map((ladder, i) => stepTable(ladder, i)),
      comparisons: found.flatMap((ladder) => [...order(ladder), ...values(ladder)]),
      notes: notesOf(found),
      holes: failures(evidence),
    };
  },
};

/** Published, Google's service. */
const PURCHASES = ([2, 10, 20, 50, 100] as const).map((classes) => ({
  classes,
  precision: TABLE_2[`purchase-${classes}` satisfies Table2Data].precision,
}));

const publishedOf = (classes: number) => PURCHASES.find((one) => one.classes === classes);

const LADDER = /^(purchase|retail)-(\d+)$/;

function laddersOf(all: readonly Attacked[]): Ladder[] {
  const onOne = all.flatMap((attacked): (Rung & { readonly kind: string })[] => {
    const [, kind, classes] = LADDER.exec(attacked.target.data.name) ?? [];
    const precision = metricOf(attacked, 'precision');
    return kind === undefined || precision === undefined
      ? []
      : [{ kind, attacked, classes: Number(classes), precision }];
  });
  return ladders(
    onOne,
    ({ kind, attacked: { target, params } }) => ({
      ...{ name: kind, params: target.data.params },
      ...{ also: { model: target.model, attack: params } },
    }),
    ({ classes }) => classes,
  );
}

function sentence({ label, rungs }: Ladder): string {
  const [first, last] = [rungs[0] as Rung, rungs.at(-1) as Rung];
  const steps = stepsOf(rungs);
  const rise = moverDifference(limits(last.precision), limits(first.precision), [-1, 1]);
  const up = steps.filter(({ value }) => value > 0).length;
  const sure = steps.filter(({ low }) => low > 0).length;
  return (
    `On ${label} the precision goes from ${three(first.precision)} with ${first.classes} classes to ` +
    `${three(last.precision)} with ${last.classes}, ${change(rise)}; it rises in ${up} of ${steps.length} ` +
    `steps, in ${sure} of them for certain.`
  );
}

const stepsOf = (rungs: readonly Rung[]) =>
  rungs
    .slice(1)
    .map(({ precision }, i) =>
      moverDifference(limits(precision), limits((rungs[i] as Rung).precision), [-1, 1]),
    );

function stepTable({ name, label, rungs }: Ladder, index: number): Table {
  const steps = stepsOf(rungs);
  return {
    id: index === 0 ? 'precision' : `precision-${index + 1}`,
    caption: `Precision by number of classes: ${label}, beside the published purchases.`,
    columns: [
      { key: 'data', label: 'Data set' },
      { key: 'classes', label: 'Classes', digits: 0 },
      { key: 'records', label: 'Training records', digits: 0 },
      { key: 'train', label: 'Train accuracy' },
      { key: 'test', label: 'Test accuracy' },
      { key: 'precision', label: 'Precision' },
      { key: 'recall', label: 'Recall' },
      { key: 'step', label: 'Precision, change from the row above' },
      { key: 'published', label: 'Published precision (purchase, Google)' },
    ],
    rows: rungs.map(({ attacked, classes, precision }, i) => ({
      data: `${name}-${classes}`,
      classes,
      records: membersOf(attacked.target),
      train: accuracyOf(attacked.target, 'trainAccuracy') ?? null,
      test: accuracyOf(attacked.target, 'testAccuracy') ?? null,
      precision,
      recall: metricOf(attacked, 'recall') ?? null,
      step: i === 0 ? null : { ...(steps[i - 1] as (typeof steps)[number]), method: MOVER },
      published: publishedOf(classes)?.precision.value ?? null,
    })),
  };
}

/** The claim: of the most classes the precision is higher than of the fewest. A direction, whatever the data. */
function order({ label, rungs }: Ladder): Comparison[] {
  const [first, last] = [rungs[0] as Rung, rungs.at(-1) as Rung];
  const theirs = [last, first].map(({ classes }) => publishedOf(classes)?.precision);
  const [most, fewest] = theirs;
  if (most === undefined || fewest === undefined) return [];
  return [
    compareOrder(
      `precision with ${last.classes} classes less that with ${first.classes}, ${label}`,
      { first: most, second: fewest },
      { first: last.precision, second: first.precision },
    ),
  ];
}

function values({ name, label, rungs }: Ladder): Comparison[] {
  return rungs.flatMap(({ attacked, classes, precision }) => {
    const published = publishedOf(classes);
    if (published === undefined) return [];
    const unlike = unlikeText(googleSetting(standsFor(`${name}-${classes}`)), attacked);
    return [
      compare(`precision with ${classes} classes, ${label}`, published.precision, precision, {
        nothing: 0.5,
        ...(unlike !== undefined && { unlike }),
      }),
    ];
  });
}

function notesOf(found: readonly Ladder[]): string[] {
  const lost = found.flatMap(({ name, rungs }) =>
    rungs
      .filter(({ attacked: { found: seeds } }) => seeds.some(({ result }) => !result.metrics.precision))
      .map(({ classes }) => `${name}-${classes}`),
  );
  return [
    ...(found.some(({ name }) => name === 'retail')
      ? [
          'Retail baskets stand in for the purchases of the paper: 600 bits each, their classes found by k-means.',
        ]
      : []),
    ...(lost.length > 0
      ? [
          `Of ${lost.join(', ')} the precision is that of the seeds under which the attack called anybody a member.`,
        ]
      : []),
    'Targets of one ladder are trained on draws of the same records: their precisions rise and fall together, which makes the intervals of changes too wide rather than too narrow.',
    'With the number of classes grows the overfitting, too: the figure shows what comes with classes, not what classes alone do.',
  ];
}

const limits = ({ value, low, high }: Metric) => ({
  value,
  low: low ?? Number.NEGATIVE_INFINITY,
  high: high ?? Number.POSITIVE_INFINITY,
});
