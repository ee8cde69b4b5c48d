/** The figures that carry a result: one for a line of its own, a few for a table. */

import { type Table, tableOf } from '../family.ts';
import type { Metric, Result } from '../schema.ts';
import { tellingMeasure } from '../verdict/attribute-grade.ts';

const ORDER: Readonly<Record<Exclude<Table, 'attribute'>, readonly string[]>> = {
  membership: ['tprAtFpr0.01', 'auc', 'balancedAccuracy'],
  audit: ['epsilonLowerBound'],
  inversion: ['judgeAccuracy', 'memberCloser', 'memberCloserFeatures'],
  stealing: ['agreement', 'agreementSkill', 'accuracy'],
};

/** Headline metrics that a result has, the one that tells most first; those there are where it has none of them. */
export function keyMetrics(result: Result): [name: string, metric: Metric][] {
  const table = tableOf(result);
  const order =
    table === 'attribute'
      ? (['gain', 'beyond'] as const).map((part) => tellingMeasure(result, part)[part])
      : ORDER[table];
  const found = order.flatMap((name): [string, Metric][] => {
    const metric = result.metrics[name];
    return metric === undefined ? [] : [[name, metric]];
  });
  return found.length > 0 ? found : Object.entries(result.metrics).slice(0, 1);
}
