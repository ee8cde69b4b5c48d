/** Per-example forms of a table of rows that is read at integer indices. */
import {
  Add,
  Cast,
  Equal,
  Less,
  MatMul,
  Mul,
  OneHot,
  Reshape,
  ScatterND,
  Unsqueeze,
  Where,
} from '../../graph/ops/index.ts';
import { int64 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { zerosLike } from '../rule.ts';
import { scaleExamples, sumPerExample, swapLastTwo } from './helpers.ts';
import type { ParameterUse } from './use.ts';

/** table `[count, width]`, indices `[N, ...]` of integers, cotangent `[N, ..., width]`. */
export const embeddingUse = (table: Value, rawIndices: Value, rawDelta: Value): ParameterUse => {
  const [count, width] = table.shape as readonly number[] as [number, number];
  const graph = table.graph;
  const k = (value: number) => graph.constant(int64([], [value]));
  // One axis of reads per example, whatever there was.
  const indices = counted(
    Reshape(Cast(rawIndices, 'int64'), rawIndices.shape?.length === 1 ? [-1, 1] : [0, -1]),
    k,
    count,
  );
  const delta = Reshape(rawDelta, rawIndices.shape?.length === 1 ? [-1, 1, width] : [0, -1, width]);
  return {
    // Rows of the same index add up before they are squared: Σ over pairs with equal index of δₜ·δₜ'.
    squaredNorm: () => {
      const same = Cast(Equal(Unsqueeze(indices, [2]), Unsqueeze(indices, [1])), table.dtype);
      return sumPerExample(Mul(same, MatMul(delta, swapLastTwo(delta))));
    },
    weightedSum: (factors) =>
      ScatterND(zerosLike(table), Unsqueeze(indices, [-1]), scaleExamples(delta, factors), {
        reduction: 'add',
      }),
    each: () => {
      const values = graph.constant({ dtype: 'float32', dims: [2], data: Float32Array.of(0, 1) });
      const picks = Cast(OneHot(indices, graph.constant(int64([1], [count])), values), table.dtype);
      return MatMul(swapLastTwo(picks), delta);
    },
  };
};

/** Negative indices count from the end: −1 and count − 1 are the same row. */
const counted = (indices: Value, k: (value: number) => Value, count: number): Value =>
  Where(Less(indices, k(0)), Add(indices, k(count)), indices);
