/** Gradients of matrix products, as matrix products. */
import { Gemm, MatMul, Mul, Reshape, Squeeze, Transpose, Unsqueeze } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule, RuleContext } from '../rule.ts';

const swapLast = (value: Value, rank: number): Value => {
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 1], perm[rank - 2]] = [rank - 2, rank - 1];
  return Transpose(value, perm);
};

const matmul: GradientRule = (c) => {
  const [a, b] = [c.x(0), c.x(1)];
  const [ra, rb] = [c.shape(a).length, c.shape(b).length];
  if (ra === 2 && rb === 2)
    return [
      c.wants(0) ? Gemm(c.dy, b, undefined, { transB: 1 }) : null,
      c.wants(1) ? Gemm(a, c.dy, undefined, { transA: 1 }) : null,
    ];
  if (ra > 2 && rb === 2) return stackedTimesMatrix(c, a, b, ra);
  // A vector is a matrix with one row (left) or one column (right).
  const left = ra === 1 ? Unsqueeze(a, [0]) : a;
  const right = rb === 1 ? Unsqueeze(b, [1]) : b;
  let dy = c.dy;
  if (rb === 1) dy = Unsqueeze(dy, [-1]);
  if (ra === 1) dy = Unsqueeze(dy, [-2]);
  const da = () => {
    const full = c.sumTo(MatMul(dy, swapLast(right, Math.max(rb, 2))), left);
    return ra === 1 ? Squeeze(full, [0]) : full;
  };
  const db = () => {
    const full = c.sumTo(MatMul(swapLast(left, Math.max(ra, 2)), dy), right);
    return rb === 1 ? Squeeze(full, [1]) : full;
  };
  return [c.wants(0) ? da() : null, c.wants(1) ? db() : null];
};

/** A dense layer on stacked rows: one Gemm over all rows instead of a batched product and a sum. */
const stackedTimesMatrix = (c: RuleContext, a: Value, b: Value, rank: number): (Value | null)[] => {
  const [k, n] = c.shape(b);
  if (typeof k !== 'number' || typeof n !== 'number') return c.refuse('the size of its matrix is not known');
  const rows = (value: Value, width: number) => Reshape(value, [-1, width]);
  return [
    c.wants(0) ? MatMul(c.dy, swapLast(b, 2)) : null,
    c.wants(1) && rank > 2 ? Gemm(rows(a, k), rows(c.dy, n), undefined, { transA: 1 }) : null,
  ];
};

/** Y = alpha A'B' + beta C. */
const gemm: GradientRule = (c) => {
  const [a, b] = [c.x(0), c.x(1)];
  const transA = c.int('transA', 0) ? 1 : 0;
  const transB = c.int('transB', 0) ? 1 : 0;
  const alpha = c.int('alpha', 1);
  const beta = c.int('beta', 1);
  const da = () =>
    transA
      ? Gemm(b, c.dy, undefined, { alpha, transA: transB, transB: 1 })
      : Gemm(c.dy, b, undefined, { alpha, transB: transB ? 0 : 1 });
  const db = () =>
    transB
      ? Gemm(c.dy, a, undefined, { alpha, transA: 1, transB: transA })
      : Gemm(a, c.dy, undefined, { alpha, transA: transA ? 0 : 1 });
  const dc = () => {
    const sum = c.sumTo(c.dy, c.x(2));
    return beta === 1 ? sum : Mul(sum, c.scalar(beta));
  };
  return [c.wants(0) ? da() : null, c.wants(1) ? db() : null, c.wants(2) ? dc() : null];
};

export const productRules = { MatMul: matmul, Gemm: gemm } satisfies Record<string, GradientRule>;
