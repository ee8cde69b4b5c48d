/** Which records two data sets have in common, by what is in them. */
import { type Dataset, elements } from './dataset.ts';

/**
 * How many of some records of one data set are in another, value for value before normalisation.
 *
 * @param records indices in `data`
 * @param other of the same record shape
 */
export const sharedInputs = (data: Dataset, records: ArrayLike<number>, other: Dataset): number => {
  const length = elements(data.recordShape);
  const textOf = ({ x }: Dataset, index: number): string => {
    const row = Float32Array.from(x.subarray(index * length, (index + 1) * length));
    return Buffer.from(row.buffer).toString('latin1');
  };
  const wanted = new Map<string, number>();
  for (let i = 0; i < records.length; i++) {
    const text = textOf(data, records[i] as number);
    wanted.set(text, (wanted.get(text) ?? 0) + 1);
  }
  let shared = 0;
  for (let index = 0; index < other.size && wanted.size > 0; index++) {
    const text = textOf(other, index);
    shared += wanted.get(text) ?? 0;
    wanted.delete(text);
  }
  return shared;
};
