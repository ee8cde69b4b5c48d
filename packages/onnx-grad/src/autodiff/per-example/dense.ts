/** Per-example forms of matrix products, Y = X W with X `[N, in]` or `[N, T, in]`. */
import {
  Cast,
  Equal,
  Gemm,
  MatMul,
  Mul,
  OneHot,
  Reshape,
  ScatterND,
  Unsqueeze,
} from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { zerosLike } from '../rule.ts';
import { rankOf, scaleExamples, squaresPerExample, sumPerExample, swapLastTwo } from './helpers.ts';
import type { ParameterUse } from './use.ts';

interface DenseUse {
  /** `[N, in]` or `[N, T, in]`. */
  readonly x: Value;
  /** Cotangent of the output, `[N, out]` or `[N, T, out]`. */
  readonly delta: Value;
  /** The parameter is stored `[out, in]` rather than `[in, out]`. */
  readonly transposed: boolean;
  readonly alpha: number;
}

export const denseUse = (use: DenseUse): ParameterUse => (rankOf(use.x) === 2 ? oneRow(use) : manyRows(use));

const times = (value: Value, factor: number): Value =>
  factor === 1 ? value : Mul(value, value.graph.scalar(factor));

/** gᵢ = xᵢ δᵢᵀ has rank one, so ‖gᵢ‖² = ‖xᵢ‖² ‖δᵢ‖² (Goodfellow 2015). */
const oneRow = ({ x, delta, transposed, alpha }: DenseUse): ParameterUse => ({
  squaredNorm: () => times(Mul(squaresPerExample(x), squaresPerExample(delta)), alpha * alpha),
  weightedSum: (factors) => {
    const scaled = scaleExamples(delta, factors);
    return transposed
      ? Gemm(scaled, x, undefined, { transA: 1, alpha })
      : Gemm(x, scaled, undefined, { transA: 1, alpha });
  },
  each: () => {
    const outer = transposed
      ? Mul(Unsqueeze(delta, [2]), Unsqueeze(x, [1]))
      : Mul(Unsqueeze(x, [2]), Unsqueeze(delta, [1]));
    return times(outer, alpha);
  },
});

/** gᵢ = Σ_t xᵢₜ δᵢₜᵀ: either made outright, or its norm from all pairs of rows, whichever is less work. */
const manyRows = ({ x, delta, transposed, alpha }: DenseUse): ParameterUse => {
  const [, rows, width] = x.shape as readonly number[] as [number, number, number];
  const out = (delta.shape as readonly number[])[2] as number;
  const each = () => times(transposed ? MatMul(swapLastTwo(delta), x) : MatMul(swapLastTwo(x), delta), alpha);
  const pairs = () => {
    const gram = (value: Value) => MatMul(value, swapLastTwo(value));
    return times(sumPerExample(Mul(gram(x), gram(delta))), alpha * alpha);
  };
  const outright = typeof rows !== 'number' || rows * (width + out) >= width * out;
  return {
    squaredNorm: () => (outright ? squaresPerExample(each()) : pairs()),
    weightedSum: (factors) => {
      const scaled = Reshape(scaleExamples(delta, factors), [-1, out]);
      const flat = Reshape(x, [-1, width]);
      return transposed
        ? Gemm(scaled, flat, undefined, { transA: 1, alpha })
        : Gemm(flat, scaled, undefined, { transA: 1, alpha });
    },
    each,
  };
};

/** A table read at int64 indices `[N, T]`; the cotangent is `[N, T, width]`. */
export const embeddingUse = (table: Value, indices: Value, delta: Value): ParameterUse => {
  const [count, width] = table.shape as readonly number[] as [number, number];
  const graph = table.graph;
  return {
    // Rows of the same index add up before they are squared: Σ over pairs with equal index of δₜ·δₜ'.
    squaredNorm: () => {
      const same = Cast(Equal(Unsqueeze(indices, [2]), Unsqueeze(indices, [1])), 'float32');
      return sumPerExample(Mul(same, MatMul(delta, swapLastTwo(delta))));
    },
    weightedSum: (factors) =>
      ScatterND(zerosLike(table), Unsqueeze(indices, [-1]), scaleExamples(delta, factors), {
        reduction: 'add',
      }),
    each: () => {
      const depth = graph.constant({ dtype: 'int64', dims: [1], data: BigInt64Array.of(BigInt(count)) });
      const values = graph.constant({ dtype: 'float32', dims: [2], data: Float32Array.of(0, 1) });
      const picks = OneHot(indices, depth, values);
      return Reshape(MatMul(swapLastTwo(picks), delta), [-1, count, width]);
    },
  };
};
