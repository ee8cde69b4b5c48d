/** What does best without an attack: the figure that an inversion has to beat. */

import type { Metric, Result } from './schema.ts';

/** By the judge; of several equal ones the first, undefined where the judge saw none. */
export function bestBaseline(
  baselines: Result['baselines'],
): { readonly name: string; readonly metric: Metric } | undefined {
  return baselines
    .flatMap(({ name, metrics }) =>
      metrics.judgeAccuracy === undefined ? [] : [{ name, metric: metrics.judgeAccuracy }],
    )
    .sort((a, b) => b.metric.value - a.metric.value)[0];
}
