/** Precision of Shokri's attack by what its shadow models learn from: records, noisy ones, or ones that are made up. */

import { AuditError } from '../../../errors.ts';
import { canonicalText } from '../../../report/canonical.ts';
import { quantity } from '../../../report/format.ts';
import type { Metric } from '../../../report/schema.ts';
import { type Bar, barChart } from '../../charts/bars.ts';
import type { Comparison, FigureKind, Published, Table } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { LOCATION_NOISE, PURCHASE_100_MADE_UP } from '../../published/shokri-2017/shadow-data.ts';
import { type Attacked, attackedOf, dataLabels, isUndefended, metricOf, shadowDataOf } from './attacked.ts';
import { alike, failures, needed } from './needed.ts';
import { googleSetting, standsFor, unlikeText } from './setting.ts';
import { three } from './words.ts';

interface Kind {
  readonly attacked: Attacked;
  /** `real`, `noisy, 10 %`, `marginals`, `model`. */
  readonly kind: string;
  readonly precision: Metric | undefined;
}

/** The attack in several kinds on one target, alike in everything else. */
interface Group {
  readonly label: string;
  readonly kinds: readonly Kind[];
}

/** Parameters that belong to a kind of shadow data. */
const OF_KIND = new Set([
  'shadowData',
  'noise',
  'kMax',
  'kMin',
  'minConfidence',
  'maxRejections',
  'maxIterations',
]);

/** What the paper has by kind, each with the real records of the same data set. */
const PUBLISHED: Readonly<
  Record<string, { readonly data: string; readonly made: Published; readonly real: Published }>
> = {
  'noisy, 10 %': { data: 'location', made: LOCATION_NOISE[10], real: LOCATION_NOISE[0] },
  'noisy, 20 %': { data: 'location', made: LOCATION_NOISE[20], real: LOCATION_NOISE[0] },
  marginals: { data: 'purchase-100', made: PURCHASE_100_MADE_UP.marginals, real: PURCHASE_100_MADE_UP.real },
  model: { data: 'purchase-100', made: PURCHASE_100_MADE_UP.synthetic, real: PURCHASE_100_MADE_UP.real },
};

export const shadowData: FigureKind = {
  name: 'shokri-2017/shadow-data',
  title: 'Precision of the shadow-model attack by what its shadow models learn from',
  source: 'Shokri et al., S&P 2017, §VI-E',
  needs: 'an undefended target with membership/shokri in two kinds of shadowData or more',
  build: (evidence) => {
    const groups = groupsOf(needed(attackedOf(evidence).filter(isUndefended), shadowData));
    if (groups.length === 0)
      throw new AuditError(
        'MLD_EVIDENCE_MISSING',
        `${shadowData.name}: no target is attacked with two kinds of shadow data`,
        'List membership/shokri several times, with shadowData: real, noisy, marginals and model.',
      );
    alike(groups.flatMap(({ kinds }) => kinds));
    const finding = groups.map(sentence).join(' ');
    return {
      name: shadowData.name,
      title: shadowData.title,
      finding,
      charts: [
        barChart(
          { id: 'precision', title: 'Precision and recall by shadow data', description: finding },
          { y: { label: 'of the attack', domain: [0, 1] }, bars: groups.flatMap(barsOf), reference: 0.5 },
        ),
      ],
      tables: groups.map(kindTable),
      comparisons: groups.flatMap(({ label, kinds }) => [
        ...kinds.flatMap((kind) => values(label, kind)),
        ...orders(label, kinds),
      ]),
      notes: groups.flatMap(({ label, kinds }) => kinds.flatMap((kind) => notesOf(label, kind))),
      holes: failures(evidence),
    };
  },
};

function groupsOf(all: readonly Attacked[]): Group[] {
  const alike = new Map<string, Attacked[]>();
  for (const one of all) {
    const rest = Object.entries(one.params).filter(([name]) => !OF_KIND.has(name));
    const { data, model } = one.target;
    const key = canonicalText({ data, model, attack: Object.fromEntries(rest) });
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const several = [...alike.values()].filter((group) => new Set(group.map(kindOf)).size > 1);
  const labelOf = dataLabels(several.flat());
  return several.map((group) => ({
    label: labelOf(group[0] as Attacked),
    kinds: group.map((attacked) => ({
      attacked,
      kind: kindOf(attacked),
      precision: metricOf(attacked, 'precision'),
    })),
  }));
}

function kindOf(one: Attacked): string {
  const kind = shadowDataOf(one);
  return kind === 'noisy' ? `noisy, ${quantity(100 * Number(one.params.noise))} %` : kind;
}

function sentence({ label, kinds }: Group): string {
  const told = kinds.flatMap(({ kind, precision }) => (precision ? [{ kind, precision }] : []));
  const silent = kinds.length - told.length;
  const none = silent > 0 ? `; with ${silent} of ${kinds.length} kinds nobody is called a member` : '';
  const ordered = [...told].sort((a, b) => a.precision.value - b.precision.value);
  const [least, most] = [ordered[0], ordered.at(-1)];
  if (least === undefined || most === undefined) return `On ${label} nobody is called a member.`;
  const of = ({ kind, precision }: typeof least) => `${three(precision)} with ${kind}`;
  return ordered.length === 1
    ? `On ${label} precision is ${of(least)}${none}.`
    : `On ${label} precision lies between ${of(least)} and ${of(most)}, of ${ordered.length} kinds of shadow data${none}.`;
}

function barsOf({ label, kinds }: Group): Bar[] {
  return kinds.flatMap(({ attacked, kind, precision }) =>
    [
      { group: 'precision', metric: precision },
      { group: 'recall', metric: metricOf(attacked, 'recall') },
    ].flatMap(({ group, metric }): Bar[] =>
      metric === undefined
        ? []
        : [
            {
              ...{ panel: label, category: kind, group, value: metric.value },
              ...(metric.low !== null && metric.high !== null && { low: metric.low, high: metric.high }),
            },
          ],
    ),
  );
}

function kindTable({ label, kinds }: Group, index: number): Table {
  return {
    id: index === 0 ? 'precision' : `precision-${index + 1}`,
    caption: `The attack by what its shadow models learn from: ${label}.`,
    columns: [
      { key: 'kind', label: 'Shadow data' },
      { key: 'precision', label: 'Precision' },
      { key: 'recall', label: 'Recall' },
      { key: 'accuracy', label: 'Balanced accuracy' },
      { key: 'auc', label: 'AUC' },
      { key: 'queries', label: 'Queries of the target', digits: 0 },
      { key: 'published', label: 'Published precision' },
      { key: 'where', label: 'Published, of' },
    ],
    rows: kinds.map(({ attacked, kind, precision }) => {
      const published = publishedOf(attacked, kind);
      return {
        kind,
        precision: precision ?? null,
        recall: metricOf(attacked, 'recall') ?? null,
        accuracy: metricOf(attacked, 'balancedAccuracy') ?? null,
        auc: metricOf(attacked, 'auc') ?? null,
        queries: mean(attacked.found.map(({ result }) => result.queries)),
        published: published?.precision.value ?? null,
        where: published?.data ?? null,
      };
    }),
  };
}

/** Of real records that of the paper's own data set, where it is one of its two; else of the purchases. */
function publishedOf({ target }: Attacked, kind: string): { data: string; precision: Published } | undefined {
  if (kind === 'real')
    return target.data.name === 'location'
      ? { data: 'location', precision: LOCATION_NOISE[0] }
      : { data: 'purchase-100', precision: PURCHASE_100_MADE_UP.real };
  const found = Object.hasOwn(PUBLISHED, kind) ? PUBLISHED[kind] : undefined;
  return found && { data: found.data, precision: found.made };
}

/** Only of the data set that the published figure is of, or of its stand-in. */
function values(label: string, { attacked, kind, precision }: Kind): Comparison[] {
  const published = publishedOf(attacked, kind);
  if (published === undefined || standsFor(attacked.target.data.name) !== published.data) return [];
  const unlike = unlikeText(googleSetting(published.data), attacked);
  return [
    compare(`precision, shadow data ${kind}, ${label}`, published.precision, precision ?? null, {
      nothing: 0.5,
      ...(unlike !== undefined && { unlike }),
    }),
  ];
}

/** The claim: shadow models that learn from worse data make a less precise attack. A direction, whatever the data set. */
function orders(label: string, kinds: readonly Kind[]): Comparison[] {
  const real = kinds.find(({ kind }) => kind === 'real');
  return kinds.flatMap(({ kind, precision }) => {
    const published = Object.hasOwn(PUBLISHED, kind) ? PUBLISHED[kind] : undefined;
    if (published === undefined || real === undefined) return [];
    return [
      compareOrder(
        `precision, shadow data ${kind} less real, ${label}`,
        { first: published.made, second: published.real },
        { first: precision ?? null, second: real.precision ?? null },
      ),
    ];
  });
}

/** What making the records cost, as the attack itself tells it; of the first seed. */
function notesOf(label: string, { attacked, kind }: Kind): string[] {
  const told = attacked.found[0].result.notes.find((note) => /synthetic records/.test(note));
  return told === undefined ? [] : [`${label}, shadow data ${kind}: ${told}`];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
