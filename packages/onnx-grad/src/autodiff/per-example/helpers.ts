/** Pieces the per-example forms share. The batch is always axis 0. */
import type { Shape } from '../../graph/dim.ts';
import { Mul, ReduceSum, Reshape, Transpose } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { scalarLike } from '../rule.ts';
import type { ParameterUse } from './use.ts';

export const rankOf = (value: Value): number => (value.shape as Shape).length;

const inner = (value: Value): number[] => Array.from({ length: rankOf(value) - 1 }, (_, i) => i + 1);

export const sumPerExample = (value: Value): Value =>
  rankOf(value) === 1 ? value : ReduceSum(value, inner(value), { keepdims: false });

/** Σ of squares over everything but the batch: `[N]`. Two nodes, for onnxruntime's ReduceSumSquare is three times slower. */
export const squaresPerExample = (value: Value): Value => sumPerExample(Mul(value, value));

export const times = (value: Value, factor: number): Value =>
  factor === 1 ? value : Mul(value, scalarLike(value, factor));

/** Multiply example i's slice by factorᵢ. */
export const scaleExamples = (value: Value, factors: Value): Value =>
  Mul(value, Reshape(factors, [-1, ...Array.from({ length: rankOf(value) - 1 }, () => 1)]));

export const swapLastTwo = (value: Value): Value => {
  const rank = rankOf(value);
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 1], perm[rank - 2]] = [rank - 2, rank - 1];
  return Transpose(value, perm);
};

/** A use whose per-example gradients are small enough to be made outright (biases, scales). */
export const small = (each: () => Value): ParameterUse => {
  let made: Value | undefined;
  const gradients = () => {
    made ??= each();
    return made;
  };
  return {
    squaredNorm: () => squaresPerExample(gradients()),
    weightedSum: (factors) => ReduceSum(scaleExamples(gradients(), factors), [0], { keepdims: false }),
    each: gradients,
  };
};

/** Sum a per-example cotangent `[N, ...]` down to `[N, ...target]` where the target was broadcast over the batch. */
export const sumToPerExample = (cotangent: Value, target: Shape): Value => {
  const from = cotangent.shape as Shape;
  // A target as deep as the cotangent has a leading 1 where the batch is.
  const own = target.length === from.length ? target.slice(1) : target;
  const extra = from.length - 1 - own.length;
  const leading = Array.from({ length: extra }, (_, i) => i + 1);
  const stretched = own.flatMap((dim, i) => (dim === 1 && from[i + 1 + extra] !== 1 ? [i + 1] : []));
  const dropped = leading.length > 0 ? ReduceSum(cotangent, leading, { keepdims: false }) : cotangent;
  const summed = stretched.length > 0 ? ReduceSum(dropped, stretched) : dropped;
  return target.length === from.length ? Reshape(summed, [-1, ...(target as readonly number[])]) : summed;
};
