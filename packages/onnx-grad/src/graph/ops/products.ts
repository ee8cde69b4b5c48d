/** Matrix products. */
import type { Value } from '../value.ts';
import { apply } from './apply.ts';

/** NumPy's matmul: `[..., m, k] × [..., k, n]`, leading dimensions broadcast. */
export const MatMul = (a: Value, b: Value): Value => apply('MatMul', [a, b]);

/** alpha A' B' + beta C, where ' transposes when asked; A `[m, k]`, B `[k, n]`, C broadcasts to `[m, n]`. */
export const Gemm = (
  a: Value,
  b: Value,
  c?: Value,
  attributes: { alpha?: number; beta?: number; transA?: 0 | 1; transB?: 0 | 1 } = {},
): Value => apply('Gemm', [a, b, c], attributes);
