/** The difference of two figures that come with intervals of their own. */
import type { Metric } from './metric.ts';

/**
 * `a` − `b` for two independent shares: their limits' distances from the values are squared and added (Newcombe,
 * Statistics in Medicine 17, 1998, method 10, there with Wilson's limits). Too wide, not too narrow, where the two rise
 * and fall together.
 */
export function shareDifference(a: Metric, b: Metric): Metric {
  const value = a.value - b.value;
  return {
    value,
    low: Math.max(-1, value - Math.hypot(a.value - a.low, b.high - b.value)),
    high: Math.min(1, value + Math.hypot(a.high - a.value, b.value - b.low)),
    method: 'square-and-add of Clopper-Pearson intervals (Newcombe)',
  };
}
