/** How complex the data of targets is, as measured in the audit itself or in another of the same records. */

import { canonicalText } from '../../../report/canonical.ts';
import type { Metric } from '../../../report/schema.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { averaged } from '../../evidence/facts.ts';
import type { Quantity } from '../../relations/relate.ts';

type Complexity = NonNullable<Target['runs'][0]['report']['data']['complexity']>;

/** Of the same data set with the same split, under any seed. */
function measuredOn(evidence: Evidence, target: Target): readonly Complexity[] {
  const own = (one: Target) => one.runs.flatMap(({ report }) => report.data.complexity ?? []);
  const found = own(target);
  if (found.length > 0) return found;
  const key = canonicalText({ data: target.data });
  const other = evidence.targets.find(
    (one) => canonicalText({ data: one.data }) === key && own(one).length > 0,
  );
  return other === undefined ? [] : own(other);
}

/** Leave-one-out error of the nearest-neighbour rule (Cover & Hart 1967; N3 of Ho & Basu 2002). */
export function nearestNeighbourErrorOf(evidence: Evidence, target: Target): Metric | undefined {
  return averaged(
    measuredOn(evidence, target).map(({ nearestNeighbourError }) => nearestNeighbourError),
    [0, 1],
  );
}

/** Bits that a value takes in a record that was compressed alone. */
export function bitsPerValueOf(evidence: Evidence, target: Target): number | undefined {
  const found = measuredOn(evidence, target).map(({ bitsPerValue }) => bitsPerValue);
  return found.length === 0 ? undefined : found.reduce((sum, one) => sum + one, 0) / found.length;
}

export const complexityQuantity = (evidence: Evidence): Quantity => ({
  name: 'complexity',
  label: 'complexity of the data: nearest-neighbour error',
  of: (target) => nearestNeighbourErrorOf(evidence, target),
});
