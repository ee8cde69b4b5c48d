/** Whose attribute a model gives away, and how much of it: the rules behind the verdict on an attribute attack, as conditions. */

import type { Level, Metric, Result, Verdict } from '../schema.ts';

export type Metrics = Result['metrics'];
export type Baselines = Result['baselines'];
export type Finding = Verdict['finding'];

/** On members, over a guess that does without the model: the lower ends from which on a leak is called so. */
export const GAIN = { moderate: 0.1, high: 0.25 } as const;

/** What members lose beyond non-members, at the lower end: a training record's own attribute was kept. */
export const MEMBER_GAIN = { moderate: 0.02, high: 0.1 } as const;

/** Baselines by the names that `evaluate` gives them. */
export const MAJORITY = 'majority';
export const IMPUTATION = 'imputation without the model';
export const FROM_RECORD = 'imputation from the rest of the record';
export const NON_MEMBERS = 'same attack on non-members';

/** How guesses are measured: the figure itself, its gain on members, and that gain less the one on non-members, if any. */
export const MEASURES = [
  { figure: 'accuracy', gain: 'accuracyGain', beyond: 'memberAccuracyGain' },
  { figure: 'meanAbsoluteError', gain: 'errorReduction', beyond: 'memberErrorReduction' },
  { figure: 'auc', gain: 'aucGain', beyond: 'memberAucGain' },
] as const;

/** Marks gains that are not by the figure shown beside them. */
export const MEASURE_NAME = { accuracy: 'accuracy', meanAbsoluteError: 'of the error', auc: 'AUC' } as const;

export type Measure = (typeof MEASURES)[number];

/** The one to show first: accuracy where there are categories, of a number its mean absolute error. */
export function measureOf({ metrics }: Pick<Result, 'metrics'>): Measure {
  const [accuracy, error] = MEASURES;
  return metrics.accuracy === undefined && metrics.meanAbsoluteError !== undefined ? error : accuracy;
}

/** The one by which members are shown to lose: the first, unless another alone has its lower end above nothing. */
export function tellingMeasure(result: Pick<Result, 'metrics'>, part: 'gain' | 'beyond'): Measure {
  const first = measureOf(result);
  const low = (measure: Measure) => lowOf(result.metrics[measure[part]]);
  if (low(first) > 0) return first;
  return MEASURES.filter((measure) => low(measure) > 0).sort((a, b) => low(b) - low(a))[0] ?? first;
}

export function levelOf(metrics: Metrics): Level {
  if (!showsGain(metrics)) return excludesLeak(metrics) ? 'none-found' : 'inconclusive';
  const gain = greatestLow(metrics, 'gain');
  const beyond = greatestLow(metrics, 'beyond');
  if (gain >= GAIN.high || beyond >= MEMBER_GAIN.high) return 'high';
  return gain >= GAIN.moderate || beyond >= MEMBER_GAIN.moderate ? 'moderate' : 'low';
}

/** Undefined where it cannot be told. */
export function findingOf(metrics: Metrics, baselines: Baselines): Finding {
  if (showsGain(metrics)) return greatestLow(metrics, 'beyond') > 0 ? 'training-records' : 'population';
  return excludesLeak(metrics) && beatsMajority(baselines) ? 'correlation' : undefined;
}

/** Whether the attack beats a guess without the model, on members; nothing is shown of anybody where it does not. */
export function showsGain(metrics: Metrics): boolean {
  return greatestLow(metrics, 'gain') > 0;
}

/** The greatest lower end over all measures, below every number where none is known. */
export function greatestLow(metrics: Metrics, part: 'gain' | 'beyond'): number {
  return Math.max(...MEASURES.map((measure) => lowOf(metrics[measure[part]])));
}

/** Whether the upper ends of all measures leave no room for a moderate leak. */
function excludesLeak(metrics: Metrics): boolean {
  return (['gain', 'beyond'] as const).every((part) => {
    const known = MEASURES.flatMap((measure) => metrics[measure[part]] ?? []);
    return known.length > 0 && known.every(({ high }) => (high ?? 1) < GAIN.moderate);
  });
}

function beatsMajority(baselines: Baselines): boolean {
  const against = baselines.find(({ name }) => name === MAJORITY)?.metrics ?? {};
  // Ranked better than by chance and yet wrong more often is no better guess.
  const worse = MEASURES.some(({ gain }) => (against[gain]?.high ?? 0) < 0);
  return greatestLow(against, 'gain') > 0 && !worse;
}

export function lowOf(metric: Metric | undefined): number {
  return metric?.low ?? Number.NEGATIVE_INFINITY;
}
