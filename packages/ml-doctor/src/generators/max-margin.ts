/** The max-margin loss of PLG-MI (Yuan et al., AAAI 2023): how far another class is ahead of the wanted one. */
import { float32, int64, ops, type Value } from 'onnx-grad';

/**
 * max_{j ≠ c} l_j − l_c of each row, `[N]`, from logits `[N, classes]` of two classes or more and classes int64 `[N]`.
 * Unlike cross-entropy its gradient does not vanish where the target is sure.
 */
export const maxMargin = (logits: Value, y: Value): Value => {
  const { graph, shape } = logits;
  const depth = graph.constant(int64([1], [shape?.[1] as number]));
  const own = ops.ReduceSum(ops.GatherElements(logits, ops.Unsqueeze(y, [1]), { axis: 1 }), [1], {
    keepdims: false,
  });
  const lowered = ops.Add(logits, ops.OneHot(y, depth, graph.constant(float32([2], [0, -1e30]))));
  return ops.Sub(ops.ReduceMax(lowered, [1], { keepdims: false }), own);
};
