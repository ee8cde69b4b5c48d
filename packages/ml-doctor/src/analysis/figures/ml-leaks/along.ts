/** Precision and recall along a number, for attacks that differ in it alone: what Figs. 3 to 5 of ML-Leaks have in common. */

import type { Metric } from '../../../report/schema.ts';
import { type LinePoint, lineChart } from '../../charts/lines.ts';
import { accuracyOf, overfittingOf } from '../../evidence/facts.ts';
import type { Figure, FigureKind, Hole, Table } from '../../figure.ts';
import { type Attacked, metricOf } from '../shokri/attacked.ts';
import type { LadderOf } from '../shokri/ladders.ts';
import { change } from '../shokri/words.ts';
import { bounds, less, unmixed } from './adversaries.ts';

/** An attack at its place along the number. */
export interface Rung {
  readonly attacked: Attacked;
  readonly at: number;
}

export type Ladder = LadderOf<Rung>;

/** What is told of an attack: at the attacker's own threshold. */
export const FIGURES = ['precision', 'recall'] as const;

export interface Along {
  readonly kind: FigureKind;
  /** Of the number, for axes and tables: `epochs`. */
  readonly axis: string;
  /** The number in a sentence: `with 10 epochs`. */
  readonly at: (at: number) => string;
  /** What all others are held against; the first of each ladder when left out. */
  readonly from?: number;
  readonly ladders: readonly Ladder[];
  readonly notes: readonly string[];
  readonly comparisons?: Figure['comparisons'];
  readonly holes?: readonly Hole[];
}

/** @throws {AuditError} MLD_EVIDENCE_MIXED */
export function figureAlong(along: Along): Figure {
  const { kind, ladders, axis } = along;
  unmixed(ladders.flatMap(({ rungs }) => rungs.map(({ attacked }) => attacked)));
  const finding = ladders.map((ladder) => sentence(ladder, along)).join(' ');
  const points = ladders.flatMap(({ label, rungs }) =>
    FIGURES.flatMap((panel) =>
      rungs.flatMap(({ attacked, at }): LinePoint[] => {
        const metric = metricOf(attacked, panel);
        return metric === undefined
          ? []
          : [{ series: label, panel, x: at, y: metric.value, ...bounds(metric) }];
      }),
    ),
  );
  return {
    ...{ name: kind.name, title: kind.title, finding },
    charts: [
      lineChart(
        { id: 'precision-recall', title: kind.title, description: finding },
        { x: { label: axis }, y: { label: 'precision, recall' }, points },
      ),
    ],
    tables: [tableOf(along)],
    comparisons: along.comparisons ?? [],
    notes: [
      'Precision and recall are at the attacker’s own threshold; a band is a 95 % interval of one point, not of the line.',
      'Neighbouring points are of the same records: their differences have intervals that are too wide rather than too narrow.',
      ...along.notes,
    ],
    holes: [...silent(ladders, along), ...(along.holes ?? [])],
  };
}

const baseOf = ({ rungs }: Ladder, from: number | undefined): Rung =>
  rungs.find(({ at }) => at === from) ?? (rungs[0] as Rung);

function sentence(ladder: Ladder, { at, from }: Along): string {
  const base = baseOf(ladder, from);
  const others = ladder.rungs.filter((rung) => rung !== base);
  const parts = FIGURES.flatMap((name) => {
    const own = metricOf(base.attacked, name);
    if (own === undefined) return [];
    const changes = others.flatMap((rung) => {
      const metric = metricOf(rung.attacked, name);
      return metric === undefined ? [] : [{ rung, metric, by: less(metric, own) }];
    });
    if (changes.length === 0) return [];
    if (from === undefined) {
      const { rung, metric, by } = changes.at(-1) as (typeof changes)[number];
      // From where to where is said once, where precision goes over the same.
      const ends = [base, rung].every(({ attacked }) => metricOf(attacked, FIGURES[0]) !== undefined);
      if (name !== FIGURES[0] && ends)
        return [`${name} from ${own.value.toFixed(3)} to ${metric.value.toFixed(3)}, ${change(by)}`];
      return [
        `${name} goes from ${own.value.toFixed(3)} ${at(base.at)} to ${metric.value.toFixed(3)} ${at(rung.at)}, ${change(by)}`,
      ];
    }
    const { rung, by } = changes.reduce((a, b) => (Math.abs(b.by.value) > Math.abs(a.by.value) ? b : a));
    return [
      `${name} is ${own.value.toFixed(3)} ${at(base.at)} and furthest from it ${at(rung.at)}, ${change(by)}`,
    ];
  });
  return `On ${ladder.label} ${parts.length > 0 ? parts.join('; ') : 'nothing can be told'}.`;
}

function tableOf({ ladders, axis, from }: Along): Table {
  const rows = ladders.flatMap((ladder) => {
    const base = baseOf(ladder, from);
    return ladder.rungs.map(({ attacked, at }) => {
      const own = (name: string): Metric | undefined => metricOf(attacked, name);
      const changeOf = (name: string): Metric | null => {
        const [a, b] = [own(name), metricOf(base.attacked, name)];
        return attacked === base.attacked || a === undefined || b === undefined ? null : less(a, b);
      };
      return {
        target: ladder.label,
        at,
        gap: overfittingOf(attacked.target) ?? null,
        test: accuracyOf(attacked.target, 'testAccuracy') ?? null,
        precision: own('precision') ?? null,
        precisionChange: changeOf('precision'),
        recall: own('recall') ?? null,
        recallChange: changeOf('recall'),
        auc: own('auc') ?? null,
      };
    });
  });
  const base = from === undefined ? 'the first row of the target' : `${axis} ${from}`;
  return {
    id: 'precision-recall',
    caption: `Precision and recall by ${axis}; changes are from ${base}.`,
    columns: [
      { key: 'target', label: 'Target' },
      { key: 'at', label: axis, digits: 0 },
      { key: 'gap', label: 'Train less test accuracy' },
      { key: 'test', label: 'Test accuracy' },
      { key: 'precision', label: 'Precision' },
      { key: 'precisionChange', label: 'Change of precision' },
      { key: 'recall', label: 'Recall' },
      { key: 'recallChange', label: 'Change of recall' },
      { key: 'auc', label: 'AUC' },
    ],
    rows,
  };
}

/** A rule that calls nobody a member has no precision. */
function silent(ladders: readonly Ladder[], { at }: Along): Hole[] {
  return ladders.flatMap(({ label, rungs }) =>
    rungs.flatMap((rung): Hole[] =>
      metricOf(rung.attacked, 'precision') !== undefined
        ? []
        : [
            {
              what: `precision on ${label} ${at(rung.at)}`,
              code: 'MLD_EVIDENCE_MISSING',
              message: 'the attacker called nobody a member, which has no precision',
              hint: 'Read the AUC, which needs no threshold.',
            },
          ],
    ),
  );
}
