/** The relaxed loss of Chen, Yu & Fritz (ICLR 2022): training that holds the batch's loss at a level above 0. */
import { int64, type Loss, losses, ops, type Value } from 'onnx-grad';
import { heldConstant } from '../held-constant.ts';

export interface RelaxedLossOptions {
  /** α: the mean cross-entropy of a batch that is aimed at, above 0. */
  readonly level: number;
  /** What a soft label gives the true class at most, above 0, up to 1. */
  readonly upper: number;
}

/**
 * Algorithm 1 of the paper. With ℓᵢ = −log pᵢ[yᵢ], their mean L over the batch and C classes, a step descends along the
 * batch mean of
 *
 * - L ≥ α: ℓᵢ (descent);
 * - L < α, even epoch (counted from 0): −ℓᵢ (ascent);
 * - L < α, odd epoch: −Σ_c sg[tᵢ_c] log pᵢ_c (posterior flattening), tᵢ being min(pᵢ[yᵢ], upper) for the true class and
 *   the rest of 1 in equal parts for the others.
 *
 * With `upper` 1 nothing is cut off. The authors' program differs from this in the third case: it has `upper` (.1 and .3
 * for tables) and lets gradients pass through t; for pictures it ascends there too, and flattens only what is misclassified.
 *
 * What the loss is said to be is ℓᵢ in every case: the level that training holds.
 * Logits `[N, C]`; targets int64 `[N, 2]`, each a label and the epoch's parity, 0 or 1. N is the whole batch.
 */
export const relaxedLoss = ({ level, upper }: RelaxedLossOptions): Loss => ({
  name: 'relaxed-cross-entropy',
  target: (logits) => ({ dtype: 'int64', shape: [logits.shape?.[0] ?? 'N', 2] }),
  perExample: (logits, target) => {
    const { graph } = logits;
    const [labels, parity] = ops
      .Split(target, [1, 1], { axis: 1 })
      .map((column) => ops.Squeeze(column, [1])) as [Value, Value];
    const entropy = losses.crossEntropy().perExample(logits, labels);
    const mean = ops.ReduceMean(entropy, undefined, { keepdims: false });
    const above = ops.GreaterOrEqual(mean, graph.scalar(level));
    const odd = ops.Equal(parity, graph.scalar(1, 'int64'));
    const flattened = losses.softCrossEntropy().perExample(logits, softLabels(logits, labels, upper));
    const objective = ops.Where(above, entropy, ops.Where(odd, flattened, ops.Neg(entropy)));
    return ops.Add(objective, heldConstant(ops.Sub(entropy, objective)));
  },
});

const softLabels = (logits: Value, labels: Value, upper: number): Value => {
  const { graph } = logits;
  const classes = logits.shape?.[1] as number;
  const oneHot = (on: number, off: number) =>
    ops.OneHot(
      labels,
      graph.constant(int64([1], [classes])),
      graph.constant({ dtype: 'float32', dims: [2], data: Float32Array.of(off, on) }),
    );
  const own = ops.ReduceSum(ops.Mul(ops.Softmax(logits, { axis: 1 }), oneHot(1, 0)), [1]);
  const kept = ops.Min(own, graph.scalar(upper));
  const rest = ops.Mul(ops.Sub(graph.scalar(1), kept), oneHot(0, 1 / (classes - 1)));
  return heldConstant(ops.Add(ops.Mul(kept, oneHot(1, 0)), rest));
};
