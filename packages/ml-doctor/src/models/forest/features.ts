/** Training records column by column: values replaced by their ranks, so that a split is a comparison of small integers. */
import { batch, type Dataset, elements } from '../../data/dataset.ts';

export interface Feature {
  /** Per training record, the rank of its value among the feature's distinct values. */
  readonly ranks: Uint16Array | Uint32Array;
  /** The distinct values, ascending, as the model will see them. */
  readonly values: Float32Array;
}

/** Nothing is lost: records with different values have different ranks. */
export const rankedFeatures = (data: Dataset, records: Uint32Array): readonly Feature[] => {
  const width = elements(data.recordShape);
  const { x } = batch(data, records);
  const Ranks = records.length <= 2 ** 16 ? Uint16Array : Uint32Array;
  return Array.from({ length: width }, (_, feature) => {
    const column = new Float32Array(records.length);
    for (let i = 0; i < column.length; i++) column[i] = x[i * width + feature] as number;
    const values = distinct(column);
    const ranks = new Ranks(records.length);
    for (let i = 0; i < ranks.length; i++) ranks[i] = rankOf(column[i] as number, values);
    return { values, ranks };
  });
};

const distinct = (column: Float32Array): Float32Array => {
  const sorted = column.slice().sort();
  // Not by identity: -0 and 0 are one value to whoever compares them.
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
};

/** The index of the first of the ascending values that is not below this one. */
const rankOf = (value: number, values: Float32Array): number => {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
