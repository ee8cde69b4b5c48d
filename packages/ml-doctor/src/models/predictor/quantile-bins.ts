/** Numbers as categories and back: for models that know categories only. */

export interface QuantileBins {
  /** At least 1; every bin has a value in it. */
  readonly count: number;
  /** Bin of each of the values, in their order. */
  readonly bins: Int32Array;
  /** The middle of the values when those of each bin weigh what is believed of it together. */
  readonly median: (belief: ArrayLike<number>) => number;
}

/**
 * About equally many values to a bin; equal values share one, so there may be fewer bins than wanted.
 * @param values at least one
 */
export const quantileBins = (values: ArrayLike<number>, wanted: number): QuantileBins => {
  const sorted = Float64Array.from(values).sort();
  // Where each bin starts: at the first of equal values.
  const starts: number[] = [];
  for (let bin = 0; bin < wanted; bin++) {
    const start = firstOf(sorted, sorted[Math.floor((bin * sorted.length) / wanted)] as number);
    if (start !== starts.at(-1)) starts.push(start);
  }
  const lowest = starts.map((start) => sorted[start] as number);
  return {
    count: starts.length,
    bins: Int32Array.from(values, (value) => lowest.findLastIndex((low) => low <= value)),
    median: (belief) => {
      let total = 0;
      for (let bin = 0; bin < starts.length; bin++) total += belief[bin] as number;
      let rest = total / 2;
      let bin = 0;
      while (bin < starts.length - 1 && rest > (belief[bin] as number)) rest -= belief[bin++] as number;
      const start = starts[bin] as number;
      const size = (starts[bin + 1] ?? sorted.length) - start;
      const share = Math.min(1, rest / (belief[bin] as number) || 0);
      return sorted[start + Math.min(size - 1, Math.floor(share * size))] as number;
    },
  };
};

/** Index of the first value that is not below this one. */
const firstOf = (sorted: Float64Array, value: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
