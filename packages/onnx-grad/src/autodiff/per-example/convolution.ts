/**
 * Per-example forms of a convolution's weight. Unfolded into patches, a convolution is a matrix product with a row per
 * position, and the rule is that of `dense.ts`: an example's gradient is made outright only where it is no larger than
 * the unfolded activations it is made from, the patches and the cotangents together. Everywhere else the norm comes
 * from pairs of positions, whose two Gram matrices are then less than half the size of the gradient, and no example's
 * gradient is made. With P positions, R outputs and Q patch elements per group: where P (R + Q) < R Q, P is less than
 * R Q / (R + Q), and 2 P² < 2 (R Q)² / (R + Q)² ≤ R Q / 2. That is also the form with fewer multiplications.
 */
import { MatMul, Mul, ReduceSum, Reshape, Transpose } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import type { ConvGeometry } from '../rules/conv.ts';
import { convWeightGradient, grouped, patches } from '../rules/conv-weight.ts';
import { scaleExamples, squaresPerExample, sumPerExample, swapLastTwo } from './helpers.ts';
import type { ParameterUse } from './use.ts';

/** Per-example weight gradients up to this size (in floats an example) are used twice rather than made twice. */
const keepBelow = 65_536;

/** x `[N, C, ...large]`, delta `[N, K, ...small]`, weight `[K, C / group, ...kernel]`. */
export const convolutionUse = (
  x: Value,
  delta: Value,
  weight: Value,
  geometry: ConvGeometry,
): ParameterUse => {
  const dims = weight.shape as readonly number[];
  const [outputs, perGroup, ...kernel] = dims as [number, number, ...number[]];
  const { group } = geometry;
  const positions = geometry.small.reduce((a, b) => a * b, 1);
  const patch = perGroup * kernel.reduce((a, b) => a * b, 1);
  const rows = outputs / group;
  const size = outputs * patch;
  const lazily = <T>(make: () => T) => {
    let made: T | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const columns = lazily(() => patches(x, geometry, perGroup * group));
  const deltas = lazily(() => grouped(delta, geometry, outputs));
  /** `[N, group, K / group, patch]`. */
  const product = lazily(() => MatMul(deltas(), Transpose(columns(), [0, 1, 3, 2])));
  const outright = size <= positions * (outputs + group * patch);
  // Σ over pairs of positions of (δₚ·δ_q)(xₚ·x_q) per group.
  const pairs = () => {
    const gram = (value: Value) => MatMul(swapLastTwo(value), value);
    return sumPerExample(Mul(gram(deltas()), gram(columns())));
  };
  /** Σᵢ factorᵢ δᵢ xᵢᵀ as one product per group over all examples' positions. */
  const joined = (factors: Value) => {
    const scaled = Transpose(scaleExamples(deltas(), factors), [1, 2, 0, 3]);
    const rowsOfAll = Reshape(Transpose(columns(), [1, 0, 3, 2]), [group, -1, patch]);
    return Reshape(MatMul(Reshape(scaled, [group, rows, -1]), rowsOfAll), dims);
  };
  return {
    squaredNorm: () => (outright ? squaresPerExample(product()) : pairs()),
    weightedSum: (factors) => {
      if (!outright) return joined(factors);
      if (size > keepBelow) return convWeightGradient(x, scaleExamples(delta, factors), weight, geometry);
      const flat = Reshape(product(), [-1, size]);
      return Reshape(MatMul(Reshape(factors, [1, -1]), flat), dims);
    },
    each: () => Reshape(product(), [-1, ...dims]),
  };
};

/** Its bias: the sum over positions. */
export const channelSums = (delta: Value): Value => {
  const axes = (delta.shape ?? []).flatMap((_, i) => (i >= 2 ? [i] : []));
  return axes.length > 0 ? ReduceSum(delta, axes, { keepdims: false }) : delta;
};
