import { describe, expect, it } from 'vitest';
import { standardiser } from './standardise.ts';

const rows = (width: number, ...values: number[]) => ({
  values: Float32Array.from(values),
  size: values.length / width,
  width,
});

describe('standardiser', () => {
  it('takes mean and deviation of each column from the examples, and applies them to others', () => {
    // Column 1: mean 2, deviation 1; column 2: mean 0, deviation 4.
    const scale = standardiser(rows(2, 1, -4, 3, 4, 1, 4, 3, -4));
    expect([...scale(rows(2, 1, 4, 5, 2, 2, 0))]).toEqual([-1, 1, 3, 0.5, 0, 0]);
  });

  it('says 0 of a column that never varied, also where rounding would make up a deviation', () => {
    const scale = standardiser(rows(1, ...Array(1003).fill(0.1)));
    expect([...scale(rows(1, 0.1, 0.2, 1e9))]).toEqual([0, 0, 0]);
  });

  it('keeps tiny differences beside a large number', () => {
    const scale = standardiser(rows(1, 1e6 - 1, 1e6 + 1));
    expect([...scale(rows(1, 1e6 - 1, 1e6 + 1, 1e6))]).toEqual([-1, 1, 0]);
  });

  it('keeps values within 10 deviations', () => {
    const scale = standardiser(rows(1, -1, 1));
    expect([...scale(rows(1, 9.5, 11, -1e30))]).toEqual([9.5, 10, -10]);
  });

  it('leaves numbers that are not finite out of the scale', () => {
    const scale = standardiser(rows(1, -1, Number.NaN, 1, Number.POSITIVE_INFINITY));
    expect([...scale(rows(1, 1, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))]).toEqual([
      1, 0, -10, 10,
    ]);
    const nothing = standardiser(rows(1, Number.NaN, Number.NaN));
    expect([...nothing(rows(1, 3, Number.NaN))]).toEqual([0, 0]);
  });
});
