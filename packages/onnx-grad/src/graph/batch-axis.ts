/**
 * The batch as the last axis of pictures, and back. A turned matrix, not a permutation of four axes: onnxruntime would
 * move that behind every slice taken of it, and slices of single numbers are slow where runs of whole batches are fast.
 */
import { isStatic, type Shape } from './dim.ts';
import { Reshape, Transpose } from './ops/index.ts';
import type { Value } from './value.ts';

/** `[N, ...sizes]` to `[...sizes, N]`. */
export const batchLast = (value: Value): Value => {
  const sizes = value.shape?.slice(1) as Shape;
  if (!isStatic(sizes)) return Transpose(value, [...sizes.map((_, i) => i + 1), 0]);
  return Reshape(Transpose(Reshape(value, [0, count(sizes)]), [1, 0]), [...sizes, -1]);
};

/** `[...sizes, N]` to `[N, ...sizes]`. */
export const batchFirst = (value: Value): Value => {
  const sizes = value.shape?.slice(0, -1) as Shape;
  if (!isStatic(sizes)) return Transpose(value, [sizes.length, ...sizes.map((_, i) => i)]);
  return Reshape(Transpose(Reshape(value, [count(sizes), -1]), [1, 0]), [0, ...sizes]);
};

const count = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
