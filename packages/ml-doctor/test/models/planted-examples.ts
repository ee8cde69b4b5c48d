/** Examples whose attribute follows from the row by a rule that is known, and how well somebody guesses it. */
import { stream } from 'onnx-grad';
import type { Guesses } from '../../src/data/guesses.ts';
import type { Examples, PredictorContext, Rows } from '../../src/models/predictor/predictor.ts';

export const quiet = (seed: number | string = 0): PredictorContext => ({
  ...{ seed, threads: 1, device: 'cpu' },
  signal: new AbortController().signal,
  progress: () => {},
});

export const normalRows = (size: number, width: number, seed: number): Rows => ({
  values: stream(seed, 'rows').normal(new Float32Array(size * width)),
  ...{ size, width },
});

type Rule = (row: Float32Array, index: number) => number;

export const rowOf = ({ values, width }: Rows, index: number): Float32Array =>
  values.subarray(index * width, (index + 1) * width);

export const byCategory = (rows: Rows, rule: Rule, categories = 2): Examples => ({
  rows,
  truth: Int32Array.from({ length: rows.size }, (_, i) => Number(rule(rowOf(rows, i), i))),
  categories,
});

export const byNumber = (rows: Rows, rule: Rule): Examples => ({
  rows,
  truth: Float32Array.from({ length: rows.size }, (_, i) => rule(rowOf(rows, i), i)),
});

/** Independent uniform numbers, one for each index. */
export const chance = (size: number, seed: number): Float32Array =>
  stream(seed, 'chance').uniform(new Float32Array(size));

export const reordered = ({ values, width }: Rows, order: ArrayLike<number>): Rows => ({
  values: Float32Array.from(
    Array.from(order, (i) => [...values.subarray(i * width, (i + 1) * width)]).flat(),
  ),
  size: order.length,
  width,
});

export const accuracyOf = ({ predicted }: Guesses, { truth }: Examples): number =>
  Array.from(truth).reduce((sum, value, i) => sum + (value === predicted[i] ? 1 : 0), 0) / truth.length;

export const meanError = ({ predicted }: Guesses, { truth }: Examples): number =>
  Array.from(truth).reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / truth.length;

/** Mean -ln of the belief in the truth. */
export const surprise = ({ beliefs }: Guesses, { truth, categories }: Examples): number =>
  Array.from(truth).reduce(
    (sum, value, i) => sum - Math.log(Math.max(1e-6, beliefs![i * categories! + value]!)),
    0,
  ) / truth.length;
