/** Adversary 1 against overfitting: Fig. 2 of ML-Leaks. */

import { AuditError } from '../../../errors.ts';
import { plural } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import {
  COEFFICIENTS,
  type Coefficient,
  correlationWithInterval,
  LEAST_POINTS,
} from '../../../stats/correlation/correlation-interval.ts';
import { targetsFor } from '../../../stats/correlation/targets-for.ts';
import { type Point, scatterChart } from '../../charts/scatter.ts';
import { overfittingOf } from '../../evidence/facts.ts';
import type { FigureKind, Hole, Table } from '../../figure.ts';
import { type Attacked, isUndefended, metricOf, targetLabels } from '../shokri/attacked.ts';
import { three } from '../shokri/words.ts';
import { bounds, firstAdversary, needed, unmixed } from './adversaries.ts';
import { FIGURES } from './along.ts';
import { standInNotes } from './setting.ts';

type Rate = (typeof FIGURES)[number];

interface Row {
  readonly label: string;
  readonly attacked: Attacked;
  readonly gap: Metric;
}

interface Relation {
  readonly rate: Rate;
  readonly points: readonly (Row & { readonly metric: Metric })[];
  readonly correlations: Readonly<Partial<Record<Coefficient, Metric>>>;
}

/** Of the resamples behind the intervals. */
const SEED = 0;
/** A width that says something: half of the way from no relation to a full one. */
const REACH = 0.5;
const NAMES: Readonly<Record<Coefficient, string>> = { pearson: 'Pearson', spearman: 'Spearman' };
const KINDS = Object.keys(COEFFICIENTS) as Coefficient[];

export const gap: FigureKind = {
  name: 'ml-leaks-2019/figure-2',
  title: 'Precision and recall of adversary 1 against overfitting',
  source: 'Salem et al., NDSS 2019, Fig. 2',
  needs: 'undefended targets with membership/ml-leaks, adversary 1, whose train and test accuracy are known',
  build: (evidence) => {
    const all = firstAdversary(evidence).filter(isUndefended);
    const labelOf = targetLabels(all);
    const rows = needed(
      all.flatMap((attacked): Row[] => {
        const found = overfittingOf(attacked.target);
        return found === undefined ? [] : [{ label: labelOf(attacked), attacked, gap: found }];
      }),
      gap,
    );
    unmixed(rows.map(({ attacked }) => attacked));
    if (rows.length < 2)
      throw new AuditError(
        'MLD_TARGETS_FEW',
        `${gap.name} is of ${plural(rows.length, 'target')}: one point has no relation to anything`,
        `${enough()} Add data sets, models or trainings to the study.`,
      );
    const relations = FIGURES.map((rate) => relationOf(rate, rows));
    const finding = relations.map(sentence).join(' ');
    const data = rows.map(({ attacked }) => attacked.target.data.name);
    return {
      ...{ name: gap.name, title: gap.title, finding },
      charts: relations.map(({ rate, points }) =>
        scatterChart(
          { id: rate, title: `${capital(rate)} of adversary 1 against overfitting`, description: finding },
          {
            x: { label: 'train less test accuracy' },
            y: { label: rate },
            points: points.map(
              ({ label, metric, gap: { value } }): Point => ({
                ...{ x: value, y: metric.value, series: label },
                ...bounds(metric),
              }),
            ),
            ...lineOf(points.map(({ gap: { value }, metric }) => [value, metric.value])),
          },
        ),
      ),
      tables: [correlationTable(relations), targetTable(rows)],
      comparisons: [],
      notes: [
        'Each point is a target; the line is the one of least squares. The paper’s figure could not be read off: it says that precision and recall grow with the gap, no more.',
        ...(new Set(data).size < data.length
          ? [
              `These ${data.length} targets are of ${new Set(data).size} data sets: those of one are alike, and the intervals narrower than they should be.`,
            ]
          : []),
        ...(new Set(data.map((name) => name.split('-')[0])).size < new Set(data).size
          ? [
              'Data sets that are one set of records clustered more or less finely count as one each; they are not quite independent.',
            ]
          : []),
        ...standInNotes(data),
      ],
      holes: relations.flatMap(holesOf),
    };
  },
};

const enough = (): string =>
  `A correlation of .8 takes ${targetsFor(REACH, 0.8)} targets for an interval that reaches no more than ${REACH} to either side, one of 0 ${targetsFor(REACH)}.`;

function relationOf(rate: Rate, rows: readonly Row[]): Relation {
  const points = rows.flatMap((row) => {
    const metric = metricOf(row.attacked, rate);
    return metric === undefined ? [] : [{ ...row, metric }];
  });
  const correlations = KINDS.flatMap((kind) => {
    const found = correlationWithInterval(
      points.map((point) => point.gap.value),
      points.map(({ metric }) => metric.value),
      kind,
      SEED,
    );
    return found === undefined ? [] : [[kind, found] as const];
  });
  return { rate, points, correlations: Object.fromEntries(correlations) };
}

function sentence({ rate, points, correlations }: Relation): string {
  const { pearson, spearman } = correlations;
  const over = `Over ${plural(points.length, 'target')} the ${rate}`;
  if (pearson === undefined) return `${over} has no correlation with the gap that could be told.`;
  const holds = (pearson.low ?? -1) <= 0 && (pearson.high ?? 1) >= 0;
  const ranks = spearman === undefined ? '' : `, by ranks ${three(spearman)}`;
  return `${over} correlates with the gap by ${three(pearson)}${ranks}${holds ? '; nothing at all is not ruled out' : ''}.`;
}

/** By least squares; none where the points have one gap. */
function lineOf(points: readonly (readonly [number, number])[]): {
  readonly line?: { readonly at: number; readonly slope: number };
} {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const xx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  if (!(xx > 0)) return {};
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / xx;
  return { line: { at: my - slope * mx, slope } };
}

const correlationTable = (relations: readonly Relation[]): Table => ({
  id: 'correlations',
  caption: 'Correlation of adversary 1 with overfitting, over targets.',
  columns: [
    { key: 'rate', label: 'Figure' },
    { key: 'targets', label: 'Targets', digits: 0 },
    ...KINDS.map((key) => ({ key, label: NAMES[key] })),
  ],
  rows: relations.map(({ rate, points, correlations }) => ({
    ...{ rate, targets: points.length },
    ...Object.fromEntries(KINDS.map((kind) => [kind, correlations[kind] ?? null])),
  })),
});

const targetTable = (rows: readonly Row[]): Table => ({
  id: 'targets',
  caption: 'Overfitting and adversary 1 by target.',
  columns: [
    { key: 'target', label: 'Target' },
    { key: 'gap', label: 'Train less test accuracy' },
    { key: 'precision', label: 'Precision' },
    { key: 'recall', label: 'Recall' },
  ],
  rows: rows.map(({ label, attacked, gap: found }) => ({
    ...{ target: label, gap: found },
    precision: metricOf(attacked, 'precision') ?? null,
    recall: metricOf(attacked, 'recall') ?? null,
  })),
});

function holesOf({ rate, points, correlations }: Relation): Hole[] {
  if (correlations.pearson !== undefined) return [];
  const few = points.length < LEAST_POINTS;
  return [
    {
      what: `correlation of ${rate} with overfitting`,
      code: 'MLD_TARGETS_FEW',
      message: few
        ? `${plural(points.length, 'target')} with a ${rate}; ${LEAST_POINTS} are the fewest`
        : `the gap or the ${rate} is the same for all targets`,
      hint: `${enough()} Add data sets, models or trainings to the study.`,
    },
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
