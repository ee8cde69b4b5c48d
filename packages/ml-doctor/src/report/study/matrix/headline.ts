/** The one figure that speaks for an attack over many targets. */

import { type Family, tableOf } from '../../family.ts';
import type { Result } from '../../schema.ts';

/** Metrics that speak for an attack, the first that all its results have. */
const HEADLINE: Readonly<Record<Family, readonly string[]>> = {
  membership: ['balancedAccuracy', 'bestBalancedAccuracy', 'auc', 'tprAtFpr0.01'],
  inversion: ['judgeAccuracy', 'mse'],
  attribute: ['accuracyGain', 'errorReduction'],
  stealing: ['agreement'],
};

/** Undefined where no result has any of them. */
export const headlineOf = (
  family: Family,
  results: readonly Pick<Result, 'attack' | 'metrics'>[],
): string | undefined => {
  const [first] = results;
  const names = first && tableOf(first) === 'audit' ? ['epsilonLowerBound'] : HEADLINE[family];
  return (
    names.find((name) => results.every(({ metrics }) => metrics[name])) ??
    names.find((name) => results.some(({ metrics }) => metrics[name]))
  );
};
