/** What mitigations leave of Shokri's attack: Table III of the paper. */

import { AuditError } from '../../../errors.ts';
import { canonicalText } from '../../../report/canonical.ts';
import { defenseLabels } from '../../../report/labels.ts';
import type { Metric } from '../../../report/schema.ts';
import { type Bar, barChart } from '../../charts/bars.ts';
import { accuracyOf } from '../../evidence/facts.ts';
import type { Comparison, FigureKind, Hole } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { type Mitigated, PURCHASE_100, TEXAS_100 } from '../../published/shokri-2017/mitigations.ts';
import { type Attacked, attackedOf, dataLabels, metricOf, shadowDataOf, together } from './attacked.ts';
import { mitigationTable } from './mitigation-table.ts';
import { alike, failures, needed } from './needed.ts';
import { compareChange } from './order-of-change.ts';
import { networkSetting, unlikeText } from './setting.ts';
import { change, three } from './words.ts';

/** One mitigation on one target. */
export interface Row {
  readonly attacked: Attacked;
  /** `temperature (temperature 20)`. */
  readonly label: string;
  readonly testAccuracy: Metric | undefined;
  /** Members and non-members count alike, as where they are equally many. */
  readonly accuracy: Metric | undefined;
  readonly precision: Metric | undefined;
  readonly recall: Metric | undefined;
  /** Defended less undefended, record by record; undefined of the undefended target. */
  readonly changes: { readonly testAccuracy: Metric | undefined; readonly accuracy: Metric | undefined };
  readonly published: { readonly [Data in 'purchase-100' | 'texas-100']?: Mitigated };
}

export interface Group {
  readonly data: string;
  readonly label: string;
  /** The undefended one first, where there is one. */
  readonly rows: readonly Row[];
}

export const mitigations: FigureKind = {
  name: 'shokri-2017/table-3',
  title: 'Mitigations against the shadow-model attack',
  source: 'Shokri et al., S&P 2017, Table III',
  needs:
    'a target with membership/shokri, undefended and with top-k, label-only, rounding, temperature or l2',
  build: (evidence) => {
    const real = attackedOf(evidence).filter((one) => shadowDataOf(one) === 'real');
    const groups = groupsOf(needed(real, mitigations));
    if (groups.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${mitigations.name}: no target is attacked with and without a defence`,
        'List defences in the study, as { top-k: { k: 1 } }, label-only and { l2: { lambda: 0.001 } }, beside none.',
      );
    alike(groups.flatMap(({ rows }) => rows));
    const finding = groups.map(sentence).join(' ');
    return {
      name: mitigations.name,
      title: mitigations.title,
      finding,
      charts: [
        barChart(
          {
            id: 'accuracy',
            title: 'Accuracy of the model on new records, and of the attack, by mitigation',
            description: finding,
          },
          { y: { label: 'accuracy', domain: [0, 1] }, bars: groups.flatMap(barsOf), reference: 0.5 },
        ),
      ],
      tables: groups.map(mitigationTable),
      comparisons: groups.flatMap((group) => [
        ...group.rows.flatMap((row) => values(group, row)),
        ...orders(group),
      ]),
      notes: [
        'Attack accuracy is the balanced one. Changes of it are by a paired bootstrap over records, those of test accuracy by which records each of the two models has right.',
        'The attacker knows of the mitigation: his shadow models have it, too.',
        'Label only is the fourth row of the paper, top 1 label.',
      ],
      holes: [...failures(evidence), ...groups.flatMap(holesOf)],
    };
  },
};

function groupsOf(all: readonly Attacked[]): Group[] {
  const alike = new Map<string, Attacked[]>();
  for (const one of all) {
    const { data, model } = one.target;
    const key = canonicalText({ data, model, attack: one.params });
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const several = [...alike.values()].filter((group) => group.some(isDefended));
  const dataOf = dataLabels(several.flat());
  return several.map((group) => {
    const [first] = group as [Attacked];
    const labelOf = defenseLabels(group.map(({ target }) => target.defense));
    const ordered = [...group.filter((one) => !isDefended(one)), ...group.filter(isDefended)];
    return {
      data: first.target.data.name,
      label: dataOf(first),
      rows: ordered.map((attacked) => rowOf(attacked, labelOf(attacked.target.defense))),
    };
  });
}

const isDefended = ({ target }: Attacked): boolean => target.defense.name !== 'none';

function rowOf(attacked: Attacked, label: string): Row {
  const changes = attacked.found.flatMap(({ run: { audit }, result }) => {
    const own = audit.results.find(({ id }) => id === result.id);
    return own?.change?.metrics.balancedAccuracy ?? [];
  });
  const accuracies = attacked.found.flatMap(({ run: { audit } }) => audit.testAccuracyChange?.metric ?? []);
  return {
    attacked,
    label,
    testAccuracy: accuracyOf(attacked.target, 'testAccuracy'),
    accuracy: metricOf(attacked, 'balancedAccuracy'),
    precision: metricOf(attacked, 'precision'),
    recall: metricOf(attacked, 'recall'),
    changes: { testAccuracy: together(accuracies, [-1, 1]), accuracy: together(changes, [-1, 1]) },
    published: publishedOf(attacked),
  };
}

/** Of an attacker who does not know of the mitigation the paper says nothing. */
function publishedOf({ target: { defense } }: Attacked): Row['published'] {
  if (defense.adaptive === false) return {};
  const name = publishedName(defense);
  const row = <Name extends string>(table: Readonly<Record<Name, Mitigated>>) =>
    name !== undefined && Object.hasOwn(table, name) ? table[name as Name] : undefined;
  const [purchase, texas] = [row(PURCHASE_100), row(TEXAS_100)];
  return { ...(purchase && { 'purchase-100': purchase }), ...(texas && { 'texas-100': texas }) };
}

function publishedName({ name, params }: Attacked['target']['defense']): string | undefined {
  switch (name) {
    case 'none':
      return 'none';
    case 'top-k':
      return `top-${params.k}`;
    case 'label-only':
      return 'label';
    case 'rounding':
      return `round-${params.digits}`;
    case 'temperature':
      return `temperature-${params.temperature}`;
    case 'l2':
      return `l2-${params.lambda}`;
    default:
      return undefined;
  }
}

function sentence({ label, rows }: Group): string {
  const [first] = rows as [Row];
  const undefended = first.accuracy === undefined || isDefended(first.attacked) ? undefined : first.accuracy;
  const changed = rows.flatMap(({ label: name, changes: { accuracy }, testAccuracy }) =>
    accuracy === undefined ? [] : [{ name, accuracy, testAccuracy }],
  );
  const [best] = [...changed].sort((a, b) => a.accuracy.value - b.accuracy.value);
  const from = undefended
    ? `the attack is right ${three(undefended)} of the time undefended`
    : 'the undefended attack is not known';
  if (best === undefined) return `On ${label} ${from}.`;
  const certain = changed.filter(({ accuracy: { high } }) => high !== null && high < 0).length;
  const cost = best.testAccuracy ? `, with a test accuracy of ${three(best.testAccuracy)}` : '';
  return (
    `On ${label} ${from}; ${best.name} leaves least of that, a change of ${change(best.accuracy)}${cost}. ` +
    `${certain} of ${changed.length} mitigations lower it for certain.`
  );
}

function barsOf({ label, rows }: Group): Bar[] {
  return rows.flatMap((row) =>
    [
      { group: 'test accuracy', metric: row.testAccuracy },
      { group: 'attack accuracy', metric: row.accuracy },
    ].flatMap(({ group, metric }): Bar[] =>
      metric === undefined
        ? []
        : [
            {
              ...{ panel: label, category: row.label, group, value: metric.value },
              ...(metric.low !== null && metric.high !== null && { low: metric.low, high: metric.high }),
            },
          ],
    ),
  );
}

/** Figure by figure of the paper's own two data sets; a stand-in's own figures have no counterpart, only their changes. */
function values({ data, label }: Group, row: Row): Comparison[] {
  if (data !== 'purchase-100' && data !== 'texas-100') return [];
  const published = row.published[data];
  if (published === undefined) return [];
  const unlike = unlikeText(networkSetting(data), row.attacked);
  const options = unlike === undefined ? {} : { unlike };
  const beside = (what: string, name: keyof Mitigated, nothing?: number) =>
    compare(`${what}, ${row.label}, ${label}`, published[name], row[name] ?? null, {
      ...options,
      ...(nothing !== undefined && { nothing }),
    });
  return [
    beside('test accuracy', 'testAccuracy'),
    beside('attack accuracy', 'accuracy', 0.5),
    beside('attack precision', 'precision', 0.5),
    beside('attack recall', 'recall'),
  ];
}

const UNDEFENDED = { 'purchase-100': PURCHASE_100.none, 'texas-100': TEXAS_100.none };

/**
 * The claim: what a mitigation does to the attack. A direction, of Texas-100 by its own figures; of other data by those of
 * Purchase-100, or of Texas-100 where only that has the mitigation.
 */
function orders({ data, label, rows }: Group): Comparison[] {
  const papers =
    data === 'texas-100' || data === 'purchase-100'
      ? ([data] as const)
      : (['purchase-100', 'texas-100'] as const);
  return rows.flatMap((row) => {
    const { accuracy } = row.changes;
    const paper = papers.find((one) => row.published[one] !== undefined);
    const published = paper && row.published[paper]?.accuracy;
    if (paper === undefined || published === undefined || accuracy === undefined) return [];
    return [
      compareChange(
        `attack accuracy, ${row.label} less undefended, ${label}`,
        { first: published, second: UNDEFENDED[paper].accuracy },
        accuracy,
      ),
    ];
  });
}

function holesOf({ label, rows }: Group): Hole[] {
  return rows.flatMap((row): Hole[] =>
    !isDefended(row.attacked) || row.changes.accuracy !== undefined
      ? []
      : [
          {
            what: `what ${row.label} changes on ${label}`,
            code: 'MLD_EVIDENCE_MISSING',
            message: 'there is no undefended target of the same data, model and seed to hold it against',
            hint: 'Add none to the defences of the study.',
          },
        ],
  );
}
