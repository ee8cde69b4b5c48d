/** The stratified bootstrap: what a statistic would have been on other records from the same groups. */
import { stream } from 'onnx-grad';
import { CONFIDENCE, errorPerSide, type Interval } from './metric.ts';

export interface BootstrapOptions {
  /** Number of records in each group; every replicate draws that many from each, with replacement. */
  readonly groups: readonly number[];
  readonly seed: number;
  /** What is estimated; replicates for two purposes are independent. */
  readonly purpose: string;
  readonly replicates?: number;
}

export interface Bootstrap {
  /** The statistic of each replicate, sorted ascending. */
  readonly values: Float64Array;
  readonly standardError: number;
}

/**
 * Resamples and evaluates `statistic`, which gets one array of record indices per group. Replicate i depends
 * on seed, purpose and i only, so more replicates continue fewer.
 *
 * A percentile interval of it is no substitute for the exact ones where few records decide, as at a small
 * false-positive rate: records that were not seen cannot be drawn.
 *
 * B. Efron, R. Tibshirani: *An Introduction to the Bootstrap*, 1993, chapters 6 and 13.
 */
export function stratifiedBootstrap(
  statistic: (indices: readonly Uint32Array[]) => number,
  { groups, seed, purpose, replicates = 1000 }: BootstrapOptions,
): Bootstrap {
  if (!(Number.isInteger(replicates) && replicates > 1))
    throw new Error(`internal: ${replicates} replicates`);
  const streams = groups.map((_, group) => stream(seed, 'bootstrap', purpose, group));
  const indices = groups.map((size) => new Uint32Array(size));
  const values = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    groups.forEach((size, group) => {
      streams[group]!.integers(indices[group]!, size, replicate * size);
    });
    values[replicate] = statistic(indices);
  }
  values.sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / replicates;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { values, standardError: Math.sqrt(squares / (replicates - 1)) };
}

/** The percentile interval, from order statistics without interpolation. */
export function percentileInterval({ values }: Bootstrap, confidence = CONFIDENCE): Interval {
  const cut = Math.floor(errorPerSide(confidence) * values.length);
  return { low: values[cut]!, high: values[values.length - 1 - cut]! };
}
