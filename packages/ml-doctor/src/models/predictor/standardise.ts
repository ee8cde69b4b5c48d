/** Columns on one scale, by what the examples' own columns look like. */
import type { Rows } from './predictor.ts';

/**
 * Standardised values are kept within ±10 deviations: one row far out of line must not drown the others in training,
 * nor be answered with a certainty that no example supports. A 0/1 column with fewer than 1 % of ones loses
 * nothing by it but scale.
 */
const FARTHEST = 10;

/** Another scale for rows of one width. */
export type Standardiser = (rows: Rows) => Float32Array;

/**
 * (x - mean) / deviation of each column, kept within ±{@link FARTHEST}; 0 in a column that is the same in all
 * examples. Numbers that are not finite count for nothing in mean and deviation; NaN becomes 0, an infinity the farthest.
 */
export const standardiser = (examples: Rows): Standardiser => {
  const { width } = examples;
  const { mean, deviation } = columnMoments(examples);
  return ({ values, size }) => {
    const scaled = new Float32Array(size * width);
    for (let row = 0, at = 0; row < size; row++)
      for (let column = 0; column < width; column++, at++) {
        const spread = deviation[column] as number;
        const x = ((values[at] as number) - (mean[column] as number)) / spread;
        if (spread > 0 && !Number.isNaN(x)) scaled[at] = Math.min(FARTHEST, Math.max(-FARTHEST, x));
      }
    return scaled;
  };
};

/** Of each column's finite numbers; two passes, so that large values lose no digits. */
const columnMoments = ({ values, size, width }: Rows) => {
  const count = new Uint32Array(width);
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  const each = (use: (column: number, value: number) => void) => {
    for (let row = 0, at = 0; row < size; row++)
      for (let column = 0; column < width; column++, at++) {
        const value = values[at] as number;
        if (Number.isFinite(value)) use(column, value);
      }
  };
  each((column, value) => {
    (count[column] as number)++;
    (mean[column] as number) += value;
  });
  for (let column = 0; column < width; column++) (mean[column] as number) /= count[column] || 1;
  each((column, value) => {
    (deviation[column] as number) += (value - (mean[column] as number)) ** 2;
  });
  // 0 for equal numbers: their sum is exact, being of 24-bit numbers in 53 bits, and so is their mean.
  for (let column = 0; column < width; column++)
    deviation[column] = Math.sqrt((deviation[column] as number) / (count[column] || 1));
  return { mean, deviation };
};
