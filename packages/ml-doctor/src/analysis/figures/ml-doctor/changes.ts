/** What a defence changed of a mode of attack or of the accuracy, over the seeds of its target. */

import { canonicalText } from '../../../report/canonical.ts';
import type { Metric } from '../../../report/schema.ts';
import { differenceRange } from '../../../report/study/metric-range.ts';
import { MOVER, moverDifference } from '../../../stats/mover.ts';
import type { Evidence, Target } from '../../evidence/evidence.ts';
import { accuracyOf, averaged, isUndefended } from '../../evidence/facts.ts';
import { figureOf, type Mode, resultsOf } from '../../evidence/modes.ts';
import { limited } from '../../published/compare.ts';

/** The target without the defence; undefined where the evidence has none. */
export function undefendedOf({ targets }: Evidence, { data, model }: Target): Target | undefined {
  const key = canonicalText({ data, model });
  return targets.find(
    (other) => isUndefended(other) && canonicalText({ data: other.data, model: other.model }) === key,
  );
}

/** Defended less undefended: as the study has it, from the same records; else from the two intervals, too wide then. */
export function changeOf(evidence: Evidence, target: Target, mode: Mode): Metric | undefined {
  const ids = new Set(resultsOf(target, mode).map(({ id }) => id));
  const paired = target.runs.map(
    ({ audit }) => audit.results.find(({ id }) => ids.has(id))?.change?.metrics[mode.metric],
  );
  const before = undefendedOf(evidence, target);
  return (
    averaged(paired, differenceRange(mode.metric)) ??
    less(figureOf(target, mode), before && figureOf(before, mode), mode.metric)
  );
}

/** Likewise of the test accuracy. */
export function accuracyChangeOf(evidence: Evidence, target: Target): Metric | undefined {
  const before = undefendedOf(evidence, target);
  return (
    averaged(
      target.runs.map(({ audit }) => audit.testAccuracyChange?.metric),
      differenceRange('accuracy'),
    ) ?? less(accuracyOf(target, 'testAccuracy'), before && accuracyOf(before, 'testAccuracy'), 'accuracy')
  );
}

function less(a: Metric | undefined, b: Metric | undefined, metric: string): Metric | undefined {
  if (a === undefined || b === undefined) return undefined;
  const { value, low, high } = moverDifference(limited(a), limited(b), differenceRange(metric));
  const closed = (limit: number) => (Number.isFinite(limit) ? limit : null);
  return { value, low: closed(low), high: closed(high), method: MOVER };
}
