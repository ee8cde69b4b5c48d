/** Attacks against the complexity of the data: Fig. 6 of ML-Doctor. */

import { type LinePoint, lineChart } from '../../charts/lines.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import { figureOf, MODES } from '../../evidence/modes.ts';
import type { Comparison, FigureKind, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { BY_COMPLEXITY, type PaperData, type PaperMode } from '../../published/ml-doctor-2022/names.ts';
import { dataStandIn } from '../../published/stand-ins.ts';
import { targetsNote } from '../../published/unlike.ts';
import { quantityOf } from '../../relations/quantities.ts';
import type { Relation } from '../../relations/relate.ts';
import { bitsPerValueOf, complexityQuantity, nearestNeighbourErrorOf } from './complexity.ts';
import { orderOfData, publishedRankCorrelation } from './complexity-claims.ts';
import { bounds, grouped, has, holesOf, type Names, namesOf, needed, undefended } from './targets.ts';
import { CORRELATION_NOTES, correlationTable, relateAll } from './try-relate.ts';
import { claimsText, relationsText } from './words.ts';

/** Its error depends on how values are scaled above all. */
const SHOWN = MODES.filter(({ metric }) => metric !== 'mseNormalised');

export const figure6: FigureKind = {
  name: 'ml-doctor-2022/figure-6',
  title: 'Attacks by complexity of the data',
  source: 'Liu et al., USENIX Security 2022, Fig. 6',
  needs: 'undefended targets with attacks of ML-Doctor, and audits of the same data with explain: true',
  build: (evidence) => {
    const attacked = undefended(evidence).filter((target) => SHOWN.some((mode) => has(target, mode)));
    const complexity = complexityQuantity(evidence);
    const targets = needed(
      attacked.filter((target) => complexity.of(target) !== undefined),
      figure6,
    );
    refuseMixed(targets);
    const names = namesOf(targets);
    const modes = SHOWN.filter((mode) => targets.some((target) => has(target, mode)));
    const related = relateAll(
      targets,
      modes.map((mode) => [complexity, quantityOf(mode)] as const),
      figure6,
    );
    const order = orderOfData(byPaperData(evidence, targets, names));
    const ranks = related.relations.flatMap((relation): Comparison[] => {
      const published = publishedRankCorrelation(relation.y.name as PaperMode);
      const what = `Spearman correlation of complexity and ${relation.y.name} over targets`;
      return published ? [compare(what, published, relation.spearman, { nothing: 0 })] : [];
    });
    return {
      ...{ name: figure6.name, title: figure6.title },
      finding: [
        `Measured, from simple to complex: ${orderText(evidence, targets, names)}; the paper’s order is ${BY_COMPLEXITY.join(', ')}.`,
        claimsText(order, () => 'above 0'),
        relationsText(related.relations, () => undefined),
      ]
        .filter(Boolean)
        .join(' '),
      charts: [chartOf(evidence, targets, related.relations, names)],
      tables: [
        dataTable(evidence, targets, names),
        correlationTable(
          related,
          'Correlation of attacks with complexity over targets.',
          { y: 'Attack' },
          () => undefined,
        ),
      ],
      comparisons: [...order, ...ranks],
      notes: [
        'Complexity is the leave-one-out error of the nearest-neighbour rule on the members (Cover & Hart 1967; N3 of Ho & Basu 2002): how often a record’s nearest other record is of another class. The paper orders its data sets without saying how it measured.',
        `It has one value for each data set, and here are ${grouped(targets, ({ data }) => data).length}: with the complexity goes everything else in which these differ. The intervals do not know that.`,
        'Published ranks are Spearman’s correlation of the paper’s points with the place of their data set in its order. Of the order itself the published difference is one place, not a difference of errors: only its direction is compared.',
        ...CORRELATION_NOTES.slice(0, 1),
        targetsNote(targets),
      ],
      holes: [
        ...related.holes,
        ...holesOf(targets, modes),
        ...grouped(
          attacked.filter((target) => complexity.of(target) === undefined),
          ({ data }) => data,
        ).map(([{ data }]) => ({
          what: `complexity of ${data.name}`,
          code: 'MLD_EVIDENCE_MISSING' as const,
          message: `no audit of ${data.name} with this split measures how complex it is`,
          hint: 'Set explain: true in a study of this data; a single cheap attack suffices.',
        })),
      ],
    };
  },
};

/** One target for each data set, the simplest first. */
function byComplexity(evidence: Evidence, targets: readonly Target[]) {
  return grouped(targets, ({ data }) => data)
    .flatMap(([target]) => {
      const metric = nearestNeighbourErrorOf(evidence, target);
      return metric === undefined ? [] : [{ target, metric }];
    })
    .sort((a, b) => a.metric.value - b.metric.value);
}

function orderText(evidence: Evidence, targets: readonly Target[], names: Names): string {
  return byComplexity(evidence, targets)
    .map(({ target, metric }) => `${names.data(target)} ${metric.value.toFixed(3)}`)
    .join(', ');
}

function byPaperData(evidence: Evidence, targets: readonly Target[], names: Names) {
  return new Map(
    byComplexity(evidence, targets).flatMap(
      ({ target, metric }): [PaperData, { name: string; metric: typeof metric }][] => {
        const data = dataStandIn(target)?.for;
        return data === undefined ? [] : [[data, { name: names.data(target), metric }]];
      },
    ),
  );
}

function chartOf(
  evidence: Evidence,
  targets: readonly Target[],
  relations: readonly Relation[],
  names: Names,
) {
  const points = relations.flatMap(({ y }) =>
    [...targets]
      .sort(
        (a, b) =>
          (nearestNeighbourErrorOf(evidence, a)?.value ?? 0) -
          (nearestNeighbourErrorOf(evidence, b)?.value ?? 0),
      )
      .flatMap((target): LinePoint[] => {
        const [x, metric] = [nearestNeighbourErrorOf(evidence, target), y.of(target)];
        if (x === undefined || metric === undefined) return [];
        return [
          { series: names.model(target), panel: y.name, x: x.value, y: metric.value, ...bounds(metric) },
        ];
      }),
  );
  return lineChart(
    {
      ...{ id: 'complexity', title: figure6.title },
      description: 'figures of the attacks along the complexity of the data, a line for each architecture',
    },
    { x: { label: 'nearest-neighbour error' }, y: { label: 'accuracy, agreement' }, points },
  );
}

function dataTable(evidence: Evidence, targets: readonly Target[], names: Names): Table {
  const shown = SHOWN.filter((mode) => targets.some((target) => has(target, mode)));
  return {
    id: 'data',
    caption: 'Complexity of the data, and the mean of each attack over architectures.',
    columns: [
      { key: 'data', label: 'Data set' },
      { key: 'paper', label: 'Stands for' },
      { key: 'error', label: 'Nearest-neighbour error' },
      { key: 'bits', label: 'Bits per value' },
      ...shown.map(({ name }) => ({ key: name, label: name })),
    ],
    rows: byComplexity(evidence, targets).map(({ target, metric }) => ({
      data: names.data(target),
      paper: dataStandIn(target)?.for ?? null,
      error: metric,
      bits: bitsPerValueOf(evidence, target) ?? null,
      ...Object.fromEntries(
        shown.map((mode) => [
          mode.name,
          mean(
            targets
              .filter((one) => names.data(one) === names.data(target))
              .flatMap((one) => figureOf(one, mode)?.value ?? []),
          ),
        ]),
      ),
    })),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
}
