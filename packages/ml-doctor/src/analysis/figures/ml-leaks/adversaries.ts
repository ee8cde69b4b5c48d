/** The attacks of ML-Leaks in some evidence, by adversary, and the refusal where there is none. */

import { AuditError } from '../../../errors.ts';
import { canonicalText } from '../../../report/canonical.ts';
import type { Metric } from '../../../report/schema.ts';
import { type Limited, MOVER, moverDifference } from '../../../stats/mover.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { refuseMixed } from '../../evidence/mixed.ts';
import type { FigureKind } from '../../figure.ts';
import { type Attacked, attackedOf, metricOf } from '../shokri/attacked.ts';

export const ML_LEAKS = 'membership/ml-leaks';

export const adversaryOf = ({ params }: Attacked): unknown => params.adversary;

/** What adversary 1 and 2 look at unless told otherwise. */
const POSTERIORS = 3;

/** Adversary `which`, of whatever targets, with all its choices of parameters. */
export function asked(evidence: Evidence, which: 1 | 2 | 3): readonly Attacked[] {
  return attackedOf(evidence, ML_LEAKS).filter((one) => adversaryOf(one) === which);
}

/**
 * Adversary 1 as in the paper: three posteriors and a shadow model of the target's own kind. One for each target: where
 * its attack model was trained in several ways, the first.
 */
export function firstAdversary(evidence: Evidence): readonly Attacked[] {
  const plain = asked(evidence, 1).filter(
    ({ params }) => params.posteriors === POSTERIORS && params.architecture === 'target',
  );
  return plain.filter(({ target }, i) => plain.findIndex((other) => other.target === target) === i);
}

/** @throws {AuditError} MLD_EVIDENCE_MISSING for none */
export function needed<Item>(all: readonly Item[], { needs }: Pick<FigureKind, 'needs'>): readonly Item[] {
  if (all.length > 0) return all;
  throw new AuditError(
    'MLD_EVIDENCE_MISSING',
    `it needs ${needs}; there are none`,
    'Add what it needs to the study, or a study that has it: ml-doctor study --preset ml-leaks-small runs one.',
  );
}

/** @throws {AuditError} MLD_EVIDENCE_MIXED for targets of several seeds or versions */
export function unmixed(all: readonly Attacked[]): void {
  refuseMixed([...new Set(all.map(({ target }) => target))]);
}

/** Equal for targets of the same data set and model, whatever their defence. */
export function placeOf({ target: { data, model } }: Attacked): string {
  return canonicalText({ data, model });
}

/** Of figures that may rise and fall together: too wide rather than too narrow. */
export function less(a: Metric, b: Metric): Metric {
  const { value, low, high } = moverDifference(limits(a), limits(b), [-1, 1]);
  return { value, low, high, method: MOVER };
}

const limits = ({ value, low, high }: Metric): Limited => ({
  value,
  low: low ?? Number.NEGATIVE_INFINITY,
  high: high ?? Number.POSITIVE_INFINITY,
});

/** Whether its precision may be that of guessing: then its recall, and F1, depend on where the threshold happens to lie. */
export function mayGuess(attacked: Attacked): boolean {
  const precision = metricOf(attacked, 'precision');
  return precision === undefined || (precision.low ?? 0) <= 0.5;
}

/** For charts: nothing where the figure has no interval. */
export function bounds({ low, high }: Metric): { readonly low: number; readonly high: number } | undefined {
  return low === null || high === null ? undefined : { low, high };
}
