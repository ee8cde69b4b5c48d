/** The table of a study: one row per data set, model, defence and attack, over all its seeds. */

import { canonicalText } from '../canonical.ts';
import { type Table, tableOf } from '../family.ts';
import type { Named } from '../identity.ts';
import { attackChoice, attackLabels, defenseLabels, labelsFor } from '../labels.ts';
import type { Level, References, Verdict } from '../schema.ts';
import { measureOf } from '../verdict/attribute-grade.ts';
import { levelRank } from '../verdict/verdict.ts';
import { repeatKey } from './repeats.ts';
import type { StudyAudit, StudyRepeat, StudyReport, StudyResult } from './study-schema.ts';

/** Figures of each table, in the order of its columns. */
export const STUDY_METRICS = {
  membership: ['tprAtFpr0.01', 'auc'],
  audit: ['epsilonLowerBound'],
  inversion: ['judgeAccuracy', 'memberCloser'],
  attribute: ['accuracy', 'accuracyGain', 'memberAccuracyGain'],
  stealing: ['agreement', 'accuracy', 'klDivergence', 'queries'],
} as const satisfies Readonly<Record<Table, readonly string[]>>;

/** In place of those of attributes where the attribute is a number. */
export const ERROR_METRICS = ['meanAbsoluteError', 'errorReduction', 'memberErrorReduction'] as const;

export type StudyMetric = (typeof STUDY_METRICS)[Table][number] | (typeof ERROR_METRICS)[number];

/** A figure over seeds; the range is that of the values, no statement about other seeds: that is {@link StudyRepeat}. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** Values it is made of, 1 or more. */
  readonly count: number;
}

/** What a defence changed: differences of means, defended less undefended. */
export interface Change {
  readonly testAccuracy: number | undefined;
  readonly auc: number | undefined;
  /** Of inversions. */
  readonly judgeAccuracy?: number | undefined;
  /** Of attributes. */
  readonly accuracyGain?: number | undefined;
  readonly errorReduction?: number | undefined;
  /** Of stolen copies. */
  readonly agreement?: number | undefined;
  /** Whether both means are over the same seeds. */
  readonly sameSeeds: boolean;
}

export interface StudyRow {
  readonly table: Table;
  readonly attack: string;
  /** What an attribute attack guesses. */
  readonly attribute?: string;
  /** The attack that stole the copy which this one is made on. */
  readonly through?: string;
  readonly references: References;
  readonly defense: string;
  /** The audits with a result, by seed. */
  readonly audits: readonly StudyAudit[];
  /** How many audits of this data set, model and defence were to have a result. */
  readonly planned: number;
  /** What its columns hold, in their order: the figures of its table, those of a number or of categories. */
  readonly figures: readonly StudyMetric[];
  /** Those of its figures that are known. */
  readonly metrics: Readonly<Partial<Record<StudyMetric, Spread | undefined>>>;
  readonly testAccuracy: Spread | undefined;
  /** Mean, spread and interval of the headline metrics; undefined for a single seed. */
  readonly repeat: StudyRepeat | undefined;
  /** The most worrying over the seeds. */
  readonly level: Level;
  /** Of one of the results at that level. */
  readonly reason: Verdict['reason'];
  readonly finding?: Verdict['finding'];
  /** Undefined in an undefended row, and where there is none to compare with. */
  readonly change: Change | undefined;
}

/** What belongs side by side: one model on one data set. */
export interface StudyGroup {
  readonly data: string;
  readonly model: string;
  /** By attack; of each, the undefended row first. */
  readonly rows: readonly StudyRow[];
  /** Audits in which no attack finished. */
  readonly silent: readonly { readonly defense: string; readonly audit: StudyAudit }[];
}

type Labels = Readonly<Record<'data' | 'model', (choice: Named) => string>> & {
  readonly defense: (choice: StudyAudit['defense']) => string;
  readonly attack: (result: StudyResult) => string;
  readonly repeat: (entry: Entry) => StudyRepeat | undefined;
};
type Entry = { readonly audit: StudyAudit; readonly result: StudyResult };

/** Groups, attacks and defences come in the order of the study. */
export function studyTable({ audits, repeats }: StudyReport): StudyGroup[] {
  const byQuestion = new Map(repeats.map((repeat) => [repeatKey(repeat, repeat), repeat]));
  const labels: Labels = {
    repeat: ({ audit, result }) => byQuestion.get(repeatKey(audit, result)),
    data: labelsFor(audits.map(({ data }) => data)),
    model: labelsFor(audits.map(({ model }) => model)),
    defense: defenseLabels(audits.map(({ defense }) => defense)),
    attack: attackLabels(audits.flatMap(({ results }) => results)),
  };
  const groups = groupBy(audits, ({ data, model }) => [data, model]);
  // Data sets whole, one after the other, also when the study adds to an earlier one at its end.
  return groupBy(groups, ([first]) => first!.data)
    .flat()
    .map((group) => groupOf(group, labels));
}

function groupOf(audits: readonly StudyAudit[], labels: Labels): StudyGroup {
  const [first] = audits as [StudyAudit];
  // An audit without a hole lacks an attack because the study left it out.
  const planned = (attack: Named, defense: Named) =>
    audits.filter(
      (audit) =>
        canonicalText(audit.defense) === canonicalText(defense) &&
        (audit.holes > 0 ||
          audit.results.some((result) => canonicalText(attackChoice(result)) === canonicalText(attack))),
    ).length;
  const entries = audits.flatMap((audit) => audit.results.map((result): Entry => ({ audit, result })));
  const rows = groupBy(entries, ({ result }) => attackChoice(result)).flatMap((sameAttack) => {
    const targets = groupBy(sameAttack, ({ audit }) => audit.defense);
    const baseline = targets.find(([entry]) => isUndefended(entry!.audit));
    const undefended = baseline && rowOf(baseline, labels, planned);
    return [
      ...(undefended === undefined ? [] : [undefended]),
      ...targets
        .filter((target) => target !== baseline)
        .map((target) => {
          const row = rowOf(target, labels, planned);
          return undefended === undefined ? row : { ...row, change: changeFrom(undefended, row) };
        }),
    ];
  });
  return {
    data: labels.data(first.data),
    model: labels.model(first.model),
    rows,
    silent: audits
      .filter(({ results }) => results.length === 0)
      .map((audit) => ({ defense: labels.defense(audit.defense), audit })),
  };
}

function rowOf(
  entries: readonly Entry[],
  labels: Labels,
  planned: (attack: Named, defense: Named) => number,
): StudyRow {
  const sorted = [...entries].sort((a, b) => a.audit.seed - b.audit.seed);
  const [{ audit, result }] = sorted as [Entry];
  const level = worstLevel(sorted.map((entry) => entry.result.level)) as Level;
  const over = (name: StudyMetric) => spreadOf(sorted.map((entry) => figureOf(entry.result, name)));
  const table = tableOf(result);
  const figures = figuresOf(table, result);
  const worst = sorted.find((entry) => entry.result.level === level)?.result;
  return {
    table,
    figures,
    ...(result.attribute && { attribute: result.attribute.name }),
    ...(result.through && { through: result.through.attack }),
    attack: labels.attack(result),
    references: result.references,
    defense: labels.defense(audit.defense),
    audits: sorted.map((entry) => entry.audit),
    planned: planned(attackChoice(result), audit.defense),
    metrics: Object.fromEntries(figures.map((name) => [name, over(name)])),
    testAccuracy: spreadOf(sorted.map((entry) => entry.audit.testAccuracy?.value)),
    repeat: labels.repeat({ audit, result }),
    level,
    reason: worst?.reason,
    finding: worst?.finding,
    change: undefined,
  };
}

/** Queries are a count beside the metrics, as they are no estimate. */
function figureOf({ metrics, queries }: StudyResult, name: StudyMetric): number | undefined {
  return name === 'queries' ? queries : metrics[name]?.value;
}

function figuresOf(table: Table, { metrics }: StudyResult): readonly StudyMetric[] {
  const error = table === 'attribute' && measureOf({ metrics }).figure === 'meanAbsoluteError';
  return error ? ERROR_METRICS : STUDY_METRICS[table];
}

function changeFrom(undefended: StudyRow, row: StudyRow): Change {
  const less = (a: Spread | undefined, b: Spread | undefined) => a && b && a.mean - b.mean;
  const seeds = ({ audits }: StudyRow) => canonicalText(audits.map(({ seed }) => seed));
  return {
    testAccuracy: less(row.testAccuracy, undefended.testAccuracy),
    auc: less(row.metrics.auc, undefended.metrics.auc),
    ...Object.fromEntries(
      (['judgeAccuracy', 'accuracyGain', 'errorReduction', 'agreement'] as const).map((name) => [
        name,
        less(row.metrics[name], undefended.metrics[name]),
      ]),
    ),
    sameSeeds: seeds(row) === seeds(undefended),
  };
}

/** Undefined when no value is known. */
function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const sum = known.reduce((total, value) => total + value, 0);
  return {
    mean: sum / known.length,
    least: Math.min(...known),
    most: Math.max(...known),
    count: known.length,
  };
}

/** Undefined of none. */
export function worstLevel(levels: readonly Level[]): Level | undefined {
  return [...levels].sort((a, b) => levelRank(b) - levelRank(a))[0];
}

function isUndefended({ defense }: StudyAudit): boolean {
  return defense.name === 'none';
}

/** Lists of what has an equal key, in the order of their first. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = canonicalText(keyOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
