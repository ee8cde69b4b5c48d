/** Rows of numbers as a target receives them. */
import type { Inputs } from '../../src/targets/access.ts';

export const inputsOf = (rows: readonly (readonly number[])[]): Inputs => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
});
