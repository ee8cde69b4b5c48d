/** Per-example forms of matrix products, Y = X W with X `[N, in]` or `[N, ..., in]`. */
import { Gemm, MatMul, Mul, Reshape, Unsqueeze } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { rankOf, scaleExamples, squaresPerExample, sumPerExample, swapLastTwo, times } from './helpers.ts';
import type { ParameterUse } from './use.ts';

interface DenseUse {
  /** `[N, in]` or `[N, ..., in]`. */
  readonly x: Value;
  /** Cotangent of the output, `[N, out]` or `[N, ..., out]`. */
  readonly delta: Value;
  /** The parameter is stored `[out, in]` rather than `[in, out]`. */
  readonly transposed: boolean;
  readonly alpha: number;
}

export const denseUse = (use: DenseUse): ParameterUse => {
  const { x, delta } = use;
  const rank = rankOf(x);
  if (rank === 2) return oneRow(use);
  return manyRows(rank === 3 ? use : { ...use, x: rowsOf(x), delta: rowsOf(delta) });
};

/** `[N, ..., last]` as `[N, T, last]`. */
const rowsOf = (value: Value): Value => Reshape(value, [0, -1, value.shape?.at(-1) as number]);

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

/**
 * gᵢ = Σ_t xᵢₜ δᵢₜᵀ: made outright where it is no larger than xᵢ and δᵢ together, or where the number of rows is open;
 * else its norm comes from all pairs of rows, which is then less work and less to hold.
 */
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
