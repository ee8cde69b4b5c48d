/** Which classes of a row are the largest, the first among equals, as operators that any device has. */
import { ops, type Value } from 'onnx-grad';

/**
 * True at the k largest of each row of `values` `[N, classes]`, 1 <= k <= classes. Ties are settled by a count from
 * the first class on, not by `TopK`, which promises an order among equals on some devices only.
 */
export const largestClasses = (values: Value, k: number): Value => {
  const { graph } = values;
  const [batch = 'N'] = values.shape ?? [];
  const [top] = graph.opaqueNode({
    op: 'TopK',
    domain: '',
    inputs: [values, graph.constant({ dtype: 'int64', dims: [1], data: BigInt64Array.of(BigInt(k)) })],
    outputs: [
      { name: graph.freshName('largest'), dtype: values.dtype, shape: [batch, k] },
      { name: graph.freshName('places'), dtype: 'int64', shape: [batch, k] },
    ],
    attributes: [],
  });
  const least = ops.ReduceMin(top as Value, [1]);
  const above = ops.Greater(values, least);
  const equal = ops.Equal(values, least);
  const left = ops.Sub(graph.scalar(k), ops.ReduceSum(ops.Cast(above, 'float32'), [1]));
  const [nth] = graph.opaqueNode({
    op: 'CumSum',
    domain: '',
    inputs: [ops.Cast(equal, 'float32'), graph.scalar(1, 'int64')],
    outputs: [{ name: graph.freshName('nth'), dtype: 'float32', shape: values.shape }],
    attributes: [],
  });
  return ops.Or(above, ops.And(equal, ops.LessOrEqual(nth as Value, left)));
};
