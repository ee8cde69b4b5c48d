/** What dropout and model stacking leave of adversary 1: § VI of ML-Leaks. */

import { signed } from '../../../report/format.ts';
import { defenseLabels } from '../../../report/labels.ts';
import type { Metric } from '../../../report/schema.ts';
import { difference } from '../../../report/study/changes.ts';
import { type Bar, barChart } from '../../charts/bars.ts';
import { accuracyOf } from '../../evidence/facts.ts';
import type { FigureKind, Hole, Table } from '../../figure.ts';
import { type Attacked, dataLabels, metricOf, together } from '../shokri/attacked.ts';
import { change } from '../shokri/words.ts';
import { bounds, firstAdversary, needed, placeOf, unmixed } from './adversaries.ts';
import { FIGURES } from './along.ts';
import { comparisonsOf } from './defence-comparisons.ts';
import { standInNotes } from './setting.ts';

/** A defended target beside the undefended one. */
export interface Defended {
  /** Of the data set. */
  readonly place: string;
  /** Of the defence. */
  readonly label: string;
  readonly before: Attacked;
  readonly after: Attacked;
  /** Defended less undefended, over the seeds that have both. */
  readonly changes: Readonly<Record<Change, Metric | undefined>>;
}

type Change = (typeof FIGURES)[number] | 'balancedAccuracy' | 'auc' | 'testAccuracy';

/** With intervals from the records that both models were judged on. */
const PAIRED = ['balancedAccuracy', 'auc'] as const;

export const defences: FigureKind = {
  name: 'ml-leaks-2019/defences',
  title: 'Adversary 1 against dropout and model stacking',
  source: 'Salem et al., NDSS 2019, § VI',
  needs: 'targets with membership/ml-leaks, adversary 1, undefended and with dropout or stacking',
  build: (evidence) => {
    const all = firstAdversary(evidence);
    const isBefore = ({ target }: Attacked) => target.defense.name === 'none';
    const afters = all.filter((one) => !isBefore(one));
    const befores = new Map(all.filter(isBefore).map((one) => [placeOf(one), one]));
    const matched = needed(
      afters.flatMap((after) => {
        const before = befores.get(placeOf(after));
        return before === undefined ? [] : [{ before, after }];
      }),
      defences,
    );
    unmixed(matched.flatMap(({ before, after }) => [before, after]));
    const placeLabel = dataLabels(matched.map(({ before }) => before));
    const defenceLabel = defenseLabels(matched.map(({ after }) => after.target.defense));
    const rows = matched.map(
      ({ before, after }): Defended => ({
        ...{ before, after, changes: changesOf(before, after) },
        place: placeLabel(before),
        label: defenceLabel(after.target.defense),
      }),
    );
    const finding = findingOf(rows);
    return {
      ...{ name: defences.name, title: defences.title, finding },
      charts: [
        barChart(
          {
            id: 'precision-recall',
            title: 'Precision and recall of adversary 1 by defence',
            description: finding,
          },
          { y: { label: 'at the attacker’s threshold', domain: [0, 1] }, bars: barsOf(rows), reference: 0.5 },
        ),
      ],
      tables: [tableOf(rows)],
      comparisons: rows.flatMap(comparisonsOf),
      notes: [
        'Where the label does not say that attackers are unaware, the attacker knows of the defence: his shadow model has it, too. What the paper’s attacker knows of it is not known here.',
        'Changes of balanced accuracy and AUC come from the records that both models were judged on (paired bootstrap), those of test accuracy from which records each has right; those of precision and recall from the two intervals alone, which is too wide rather than too narrow.',
        'The published figures of defences are second-hand; for dropout the data set of the example is not known.',
        ...standInNotes(rows.map(({ before }) => before.target.data.name)),
      ],
      holes: holesOf(rows, afters.length - matched.length),
    };
  },
};

function changesOf(before: Attacked, after: Attacked): Defended['changes'] {
  const seeds = after.found.flatMap((own) => {
    const other = before.found.find(({ run }) => run.seed === own.run.seed);
    return other === undefined ? [] : [{ own, other }];
  });
  const over = (metrics: readonly (Metric | undefined)[]) =>
    together(
      metrics.filter((metric) => metric !== undefined),
      [-1, 1],
    );
  const plain = (name: string) =>
    over(
      seeds.map(({ own, other }) => difference(name, own.result.metrics[name], other.result.metrics[name])),
    );
  const paired = PAIRED.map((name) => [
    name,
    over(
      seeds.map(
        ({ own: { run, result } }) =>
          run.audit.results.find(({ id }) => id === result.id)?.change?.metrics[name],
      ),
    ) ?? plain(name),
  ]);
  return {
    precision: plain('precision'),
    recall: plain('recall'),
    testAccuracy: over(
      seeds.map(
        ({ own, other }) =>
          own.run.audit.testAccuracyChange?.metric ??
          difference('testAccuracy', own.run.audit.testAccuracy, other.run.audit.testAccuracy),
      ),
    ),
    ...(Object.fromEntries(paired) as Record<(typeof PAIRED)[number], Metric | undefined>),
  };
}

/** Of attackers who know of the defence, as others say little of what it is worth; of the others where there are no more. */
function findingOf(rows: readonly Defended[]): string {
  const aware = rows.filter(({ after }) => after.target.defense.adaptive !== false);
  const shown = aware.length > 0 ? aware : rows;
  const labels = [...new Set(shown.map(({ label }) => label))];
  const unaware = shown === aware && aware.length < rows.length;
  return [
    ...labels.map((label) =>
      sentence(
        label,
        shown.filter((row) => row.label === label),
      ),
    ),
    ...(unaware ? ['Attackers who do not know of the defence are in the table.'] : []),
  ].join(' ');
}

/** On one data set the change; of several from that where most of the attack goes to that where least does. */
function sentence(label: string, rows: readonly Defended[]): string {
  const silent = rows.filter(({ after }) => metricOf(after, 'precision') === undefined);
  const told = rows.flatMap(({ place, changes: { balancedAccuracy: by, testAccuracy } }) =>
    by === undefined ? [] : [{ place, by, testAccuracy }],
  );
  told.sort((a, b) => a.by.value - b.by.value);
  const [most, least] = [told[0], told.at(-1)];
  const of = ({ place, by, testAccuracy }: (typeof told)[number]) =>
    `${change(by)} on ${place}${testAccuracy ? ` (test accuracy ${signed(testAccuracy.value, 3)})` : ''}`;
  const none = `with ${label} nobody is called a member on ${silent.map(({ place }) => place).join(', ')}`;
  if (most === undefined || least === undefined)
    return silent.length > 0 ? `W${none.slice(1)}.` : `What ${label} changes cannot be told.`;
  const range =
    most === least
      ? of(most)
      : `${of(most)} ${told.length === 2 ? 'and' : 'to'} ${of(least)}${told.length === 2 ? '' : `, over ${told.length} targets`}`;
  return `With ${label} the balanced accuracy of the attack changes by ${range}${silent.length > 0 ? `; ${none}` : ''}.`;
}

function barsOf(rows: readonly Defended[]): Bar[] {
  const seen = new Set<Attacked>();
  return rows.flatMap(({ place, label, before, after }) => {
    const bars = (attacked: Attacked, group: string): Bar[] =>
      FIGURES.flatMap((panel) => {
        const metric = metricOf(attacked, panel);
        return metric === undefined
          ? []
          : [{ category: place, group, panel, value: metric.value, ...bounds(metric) }];
      });
    const first = !seen.has(before);
    seen.add(before);
    return [...(first ? bars(before, 'none') : []), ...bars(after, label)];
  });
}

function tableOf(rows: readonly Defended[]): Table {
  const seen = new Set<Attacked>();
  const line = (place: string, label: string, attacked: Attacked, changes?: Defended['changes']) => ({
    ...{ target: place, defence: label },
    test: accuracyOf(attacked.target, 'testAccuracy') ?? null,
    testChange: changes?.testAccuracy ?? null,
    precision: metricOf(attacked, 'precision') ?? null,
    precisionChange: changes?.precision ?? null,
    recall: metricOf(attacked, 'recall') ?? null,
    recallChange: changes?.recall ?? null,
    balancedChange: changes?.balancedAccuracy ?? null,
    aucChange: changes?.auc ?? null,
  });
  return {
    id: 'defences',
    caption: 'Adversary 1 by defence; changes are defended less undefended.',
    columns: [
      { key: 'target', label: 'Target' },
      { key: 'defence', label: 'Defence' },
      { key: 'test', label: 'Test accuracy' },
      { key: 'testChange', label: 'Change of test accuracy' },
      { key: 'precision', label: 'Precision' },
      { key: 'precisionChange', label: 'Change of precision' },
      { key: 'recall', label: 'Recall' },
      { key: 'recallChange', label: 'Change of recall' },
      { key: 'balancedChange', label: 'Change of balanced accuracy' },
      { key: 'aucChange', label: 'Change of AUC' },
    ],
    rows: rows.flatMap(({ place, label, before, after, changes }) => {
      const first = !seen.has(before);
      seen.add(before);
      return [...(first ? [line(place, 'none', before)] : []), line(place, label, after, changes)];
    }),
  };
}

function holesOf(rows: readonly Defended[], alone: number): Hole[] {
  const silent = rows.filter(({ after }) => metricOf(after, 'precision') === undefined);
  return [
    ...silent.map(
      ({ place, label }): Hole => ({
        what: `precision with ${label} on ${place}`,
        code: 'MLD_EVIDENCE_MISSING',
        message: 'the attacker calls nobody a member, which has no precision',
        hint: 'Read the change of AUC, which needs no threshold.',
      }),
    ),
    ...(alone > 0
      ? [
          {
            what: 'defended targets without a counterpart',
            code: 'MLD_EVIDENCE_MISSING',
            message: `${alone} of the defended targets have no undefended one of the same data set and model`,
            hint: 'List none beside the defences.',
          } as const,
        ]
      : []),
  ];
}
