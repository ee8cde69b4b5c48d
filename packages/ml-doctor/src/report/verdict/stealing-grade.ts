/** How much of a model its answers give away: the rules behind the verdict on a stealing attack, as conditions. */

import { bestBaseline } from '../best-baseline.ts';
import type { BudgetPoint, Level, Result } from '../schema.ts';
import { lowOf } from './attribute-grade.ts';
import { levelRank } from './verdict.ts';

export type Metrics = Result['metrics'];
export type Baselines = Result['baselines'];

/** How often the copy answers as the model does: the lower ends from which on it can stand in for it. */
export const AGREEMENT = { moderate: 0.75, high: 0.9 } as const;

/** Of the records on which the best baseline answers otherwise, the part that the queries set right, at the lower end. */
export const SKILL = { moderate: 0.25, high: 0.5 } as const;

/** A gain in agreement that nothing found has to exclude, at its upper end. */
export const ROOM = 0.05;

/** Baselines by the names that `evaluate` gives them. */
export const COMMONEST = 'the commonest answer';
export const OWN_LABELS = 'learnt from as many records’ own labels, without a query';
export const RANDOM_INPUTS = 'learnt from random inputs, as many queries';

/** By {@link AGREEMENT} and {@link SKILL} together: agreement that needs no queries is no theft. */
function gradeOf(metrics: Metrics): Level {
  const agreement = lowOf(metrics.agreement);
  const skill = lowOf(metrics.agreementSkill);
  if (agreement >= AGREEMENT.high && skill >= SKILL.high) return 'high';
  if (agreement >= AGREEMENT.moderate && skill >= SKILL.moderate) return 'moderate';
  if (lowOf(metrics.agreementGain) > 0) return 'low';
  return (metrics.agreementGain?.high ?? 1) < ROOM ? 'none-found' : 'inconclusive';
}

/** A copy by its grade: the last one, or an earlier one that is surely better. */
export interface Graded {
  readonly level: Level;
  /** The earlier point that it is graded by; undefined where the last decides. */
  readonly earlier?: BudgetPoint;
}

/**
 * By the last copy, or by an earlier one that deserves a higher level: more queries may spoil a copy, and an attacker keeps
 * the best. An earlier one is held against the best baseline by the ends of both intervals, wider than a paired one, as
 * there are several to choose from: G is its lower end less the baseline's upper end, S that over 1 less the upper end.
 */
export function gradeCopies(metrics: Metrics, baselines: Baselines, budget: readonly BudgetPoint[]): Graded {
  const last: Graded = { level: gradeOf(metrics) };
  const high = bestBaseline(baselines, 'agreement')?.metric.high ?? 1;
  return budget.slice(0, -1).reduce((best: Graded, point) => {
    const low = lowOf(point.metrics.agreement);
    if (!(low > high)) return best;
    const gain = low - high;
    const bound = (value: number) => ({ value, low: value, high: value, method: 'ends of both intervals' });
    const level = gradeOf({
      ...(point.metrics.agreement && { agreement: point.metrics.agreement }),
      agreementGain: bound(gain),
      agreementSkill: bound(gain / (1 - high)),
    });
    return levelRank(level) > levelRank(best.level) ? { level, earlier: point } : best;
  }, last);
}
