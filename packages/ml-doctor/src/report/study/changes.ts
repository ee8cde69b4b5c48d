/** What a defence changed of each result: against the same attack on the undefended model of the same data and seed. */

import { MOVER, moverDifference } from '../../stats/mover.ts';
import { canonicalText } from '../canonical.ts';
import { type Table, tableOf } from '../family.ts';
import type { Metric } from '../schema.ts';
import { differenceRange } from './metric-range.ts';
import type { StudyAudit, StudyResult } from './study-schema.ts';

/** How the interval is made of a change that there cannot be: both figures are one. */
export const SAME = 'the same model and the same answers';

/** What was found on the records that were met with and without the defence. */
export interface ResultChange {
  /** The undefended audit. */
  readonly from: string;
  /** The defended one, and its result; none of the accuracy of the target itself. */
  readonly audit: string;
  readonly result?: string;
  /** Defended less undefended, by name; `same` where the defence touches nothing that these figures come from. */
  readonly metrics: Readonly<Record<string, Metric>> | 'same';
}

/** Figures whose change is told. */
const CHANGED: Readonly<Record<Table, readonly string[]>> = {
  membership: ['balancedAccuracy', 'bestBalancedAccuracy', 'auc', 'tprAtFpr0.01'],
  audit: ['epsilonLowerBound'],
  inversion: ['judgeAccuracy', 'memberCloser', 'mse'],
  attribute: [
    ...['accuracy', 'accuracyGain', 'memberAccuracyGain'],
    ...['meanAbsoluteError', 'errorReduction', 'memberErrorReduction'],
  ],
  stealing: ['agreement', 'accuracy', 'klDivergence', 'agreementGain', 'agreementSkill'],
};

export function changedOf(result: Pick<StudyResult, 'attack'>): readonly string[] {
  return CHANGED[tableOf(result)];
}

type Asked = Pick<StudyResult, 'attack' | 'params' | 'attribute' | 'through'>;

/** Equal for one attack on whatever model: what its answers show is the defence's doing, so that the threat model may differ. */
export function attackKey({ attack, params, attribute, through }: Asked): string {
  return canonicalText({
    ...{ attack, params, attribute: attribute?.name ?? null },
    through: through ? { attack: through.attack, params: through.params } : null,
  });
}

/** The undefended audits by what else they are; a defended one finds its own by {@link placeKey}. */
export function undefendedAudits(audits: readonly StudyAudit[]): ReadonlyMap<string, StudyAudit> {
  const undefended = audits.filter(({ defense }) => defense.name === 'none');
  return new Map(undefended.map((audit) => [placeKey(audit), audit]));
}

/** Equal for audits that differ in their defence alone. */
export function placeKey({ data, model, seed }: Pick<StudyAudit, 'data' | 'model' | 'seed'>): string {
  return canonicalText({ data, model, seed });
}

/**
 * Audits with the change of every result, and of the test accuracy, that has an undefended counterpart: as `paired` has
 * it from the records themselves, otherwise from the two intervals alone.
 */
export function withChanges(
  audits: readonly StudyAudit[],
  paired: readonly ResultChange[] = [],
): readonly StudyAudit[] {
  const undefended = undefendedAudits(audits);
  const found = new Map(paired.map((change) => [keyOf(change), change.metrics]));
  return audits.map((audit) => {
    const from = audit.defense.name === 'none' ? undefined : undefended.get(placeKey(audit));
    if (from === undefined) return audit;
    const before = new Map(from.results.map((result) => [attackKey(result), result]));
    const results = audit.results.map((result) => {
      const other = before.get(attackKey(result));
      if (other === undefined) return result;
      const own = found.get(keyOf({ from: from.id, audit: audit.id, result: result.id }));
      const metrics = Object.fromEntries(
        changedOf(result).flatMap((name) => {
          const change = changeOf(name, own, result.metrics[name], other.metrics[name]);
          return change === undefined ? [] : [[name, change] as const];
        }),
      );
      return { ...result, change: { from: from.id, metrics } };
    });
    const own = found.get(keyOf({ from: from.id, audit: audit.id }));
    const metric = changeOf('testAccuracy', own, audit.testAccuracy, from.testAccuracy);
    return { ...audit, ...(metric && { testAccuracyChange: { from: from.id, metric } }), results };
  });
}

const keyOf = ({ from, audit, result }: Omit<ResultChange, 'metrics'>): string =>
  JSON.stringify([from, audit, result ?? null]);

/** As found on the records; otherwise by the two figures. */
function changeOf(
  name: string,
  found: ResultChange['metrics'] | undefined,
  after: Metric | null | undefined,
  before: Metric | null | undefined,
): Metric | undefined {
  if (found !== 'same') return found?.[name] ?? difference(name, after, before);
  return after && before ? { value: 0, low: 0, high: 0, method: SAME } : undefined;
}

/** `after` less `before` by their intervals; undefined where one is unknown. */
export function difference(
  name: string,
  after: Metric | null | undefined,
  before: Metric | null | undefined,
): Metric | undefined {
  if (!after || !before) return undefined;
  const open = ({ value, low, high }: Metric) => ({
    value,
    low: low ?? Number.NEGATIVE_INFINITY,
    high: high ?? Number.POSITIVE_INFINITY,
  });
  const { value, low, high } = moverDifference(open(after), open(before), differenceRange(name));
  // Where one of the two is unbounded, so is the difference, though it may have a range.
  const bounded = (limit: number, ...ends: (number | null)[]) =>
    ends.includes(null) || !Number.isFinite(limit) ? null : limit;
  const ends = {
    low: bounded(low, after.low, before.high),
    high: bounded(high, after.high, before.low),
  };
  const method = ends.low === null && ends.high === null ? 'none: a figure has an open end' : MOVER;
  return { value, ...ends, method };
}
