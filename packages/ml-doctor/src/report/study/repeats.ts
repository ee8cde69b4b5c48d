/** Figures over seeds: of audits that differ in nothing but the seed, each attack's mean, spread and interval. */

import { acrossSeeds } from '../../stats/across-seeds.ts';
import { canonicalText } from '../canonical.ts';
import { tableOf } from '../family.ts';
import type { Metric } from '../schema.ts';
import { changedOf } from './changes.ts';
import { differenceRange, rangeOf } from './metric-range.ts';
import type { StudyAudit, StudyRepeat, StudyResult } from './study-schema.ts';

/** Headline metrics, from the tail to the average, then those of inversions, of guessed attributes, of copies and of audits. */
export const REPEATED = [
  'tprAtFpr0.01',
  'tprAtFpr0.001',
  'tprAtFpr0.0001',
  'auc',
  'balancedAccuracy',
  'precision',
  'recall',
  'f1',
  'judgeAccuracy',
  'judgeTop5Accuracy',
  'judgeMacroF1',
  'memberCloser',
  'memberCloserFeatures',
  'mse',
  'accuracy',
  'accuracyGain',
  'memberAccuracyGain',
  'aucGain',
  'memberAucGain',
  'meanAbsoluteError',
  'errorReduction',
  'memberErrorReduction',
  'agreement',
  'agreementOnErrors',
  'klDivergence',
  'agreementGain',
  'agreementSkill',
  'epsilonLowerBound',
] as const;

/** Of an audit of the training the bound alone: its other figures are of canaries. */
const repeatedOf = (result: Pick<StudyResult, 'attack'>): readonly RepeatedMetric[] =>
  tableOf(result) === 'audit' ? ['epsilonLowerBound'] : REPEATED;

export type RepeatedMetric = (typeof REPEATED)[number];

type Cell = Pick<StudyAudit, 'data' | 'model' | 'defense'>;
type Question = Pick<StudyResult, 'attack' | 'threatModel' | 'params' | 'through'>;

/** Equal for an attack on one target under different seeds, and for nothing else. */
export function repeatKey(
  { data, model, defense }: Cell,
  { attack, threatModel, params, through }: Question,
): string {
  // How many queries a copy cost is an outcome: the same attack may have asked less of another seed's target.
  const copy = through && { attack: through.attack, params: through.params };
  return canonicalText({ data, model, defense, attack, threatModel, params, ...(copy && { through: copy }) });
}

/** One for each attack on each target that has results under two seeds or more, in the order of the study. */
export function repeatsOf(audits: readonly StudyAudit[]): StudyRepeat[] {
  const groups = new Map<string, { audit: StudyAudit; result: StudyResult }[]>();
  for (const audit of audits)
    for (const result of audit.results) {
      const key = repeatKey(audit, result);
      const group = groups.get(key) ?? [];
      // The same seed again would be the same figures.
      if (group.every((entry) => entry.audit.seed !== audit.seed)) group.push({ audit, result });
      groups.set(key, group);
    }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const [{ audit, result }] = group as [(typeof group)[number]];
      const changed = changedOf(result).flatMap((name) => {
        const found = group.flatMap((entry) => entry.result.change?.metrics[name] ?? []);
        return found.length > 1 ? [[name, overSeeds(found, differenceRange(name))] as const] : [];
      });
      return {
        data: audit.data,
        model: audit.model,
        defense: audit.defense,
        attack: result.attack,
        threatModel: result.threatModel,
        params: result.params,
        ...(result.attribute && { attribute: result.attribute }),
        ...(result.through && { through: result.through }),
        seeds: group.map((entry) => entry.audit.seed).sort((a, b) => a - b),
        metrics: Object.fromEntries(
          repeatedOf(result).flatMap((name) => {
            const found = group.flatMap((entry) => entry.result.metrics[name] ?? []);
            return found.length > 1 ? [[name, overSeeds(found, rangeOf(name))] as const] : [];
          }),
        ),
        ...(changed.length > 0 && { changes: Object.fromEntries(changed) }),
      };
    });
}

/**
 * Which records two seeds share is not known here, so they are taken to share all: the interval does not shrink below
 * what sampling alone comes to.
 */
export function overSeeds(
  metrics: readonly Metric[],
  range: readonly [least: number, most: number],
): StudyRepeat['metrics'][string] {
  const bounded = metrics.flatMap(({ value, low, high, method }) =>
    low === null || high === null ? [] : { value, low, high, method },
  );
  const all = metrics.map(({ value }) => ({ value, low: value, high: value, method: '' }));
  const { mean, spread, seeds } = acrossSeeds(bounded.length === metrics.length ? bounded : all, { range });
  if (bounded.length === metrics.length) return { mean, spread, seeds };
  const method = 'none: the interval of a seed has an open end';
  return { mean: { value: mean.value, low: null, high: null, method }, spread, seeds };
}
