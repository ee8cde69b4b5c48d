/** What does best without an attack: the figure that an inversion or a stolen copy has to beat. */

import type { Metric, Result } from './schema.ts';

/** By the figure; of several equal ones the first, undefined where none has it. */
export function bestBaseline(
  baselines: Result['baselines'],
  figure: 'judgeAccuracy' | 'agreement' = 'judgeAccuracy',
): { readonly name: string; readonly metric: Metric } | undefined {
  return baselines
    .flatMap(({ name, metrics }) => {
      const metric = metrics[figure];
      return metric === undefined ? [] : [{ name, metric }];
    })
    .sort((a, b) => b.metric.value - a.metric.value)[0];
}
