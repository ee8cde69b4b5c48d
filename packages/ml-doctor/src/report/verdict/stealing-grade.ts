/** How much of a model its answers give away: the rules behind the verdict on a stealing attack, as conditions. */

import type { Level, Result } from '../schema.ts';
import { lowOf } from './attribute-grade.ts';

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
export function levelOf(metrics: Metrics): Level {
  const agreement = lowOf(metrics.agreement);
  const skill = lowOf(metrics.agreementSkill);
  if (agreement >= AGREEMENT.high && skill >= SKILL.high) return 'high';
  if (agreement >= AGREEMENT.moderate && skill >= SKILL.moderate) return 'moderate';
  if (lowOf(metrics.agreementGain) > 0) return 'low';
  return (metrics.agreementGain?.high ?? 1) < ROOM ? 'none-found' : 'inconclusive';
}
