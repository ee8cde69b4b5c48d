/** The stratified bootstrap: the oracle for intervals in closed form. */
import { stream } from 'onnx-grad';

/**
 * Draws as many records from each group as it has, with replacement, and evaluates `statistic`, which gets one array
 * of record indices per group. The statistic of each replicate, sorted ascending.
 *
 * B. Efron, R. Tibshirani: *An Introduction to the Bootstrap*, 1993, chapters 6 and 13.
 */
export function stratifiedBootstrap(
  statistic: (indices: readonly Uint32Array[]) => number,
  { groups, seed, replicates }: { groups: readonly number[]; seed: number; replicates: number },
): Float64Array {
  const streams = groups.map((_, group) => stream(seed, 'bootstrap', group));
  const indices = groups.map((size) => new Uint32Array(size));
  const values = Float64Array.from({ length: replicates }, (_, replicate) => {
    groups.forEach((size, group) => {
      streams[group]!.integers(indices[group]!, size, replicate * size);
    });
    return statistic(indices);
  });
  return values.sort();
}

/** The 95 % percentile interval, from order statistics without interpolation. */
export function percentileInterval(values: Float64Array): { low: number; high: number } {
  const cut = Math.floor(0.025 * values.length);
  return { low: values[cut]!, high: values[values.length - 1 - cut]! };
}
