/** Specifications of reductions. */
import type { Dim, Shape } from '../dim.ts';
import type { NodeView, OperatorSpec } from './infer.ts';

const reducedShape = (node: NodeView, axes: readonly number[], keep: boolean): Shape => {
  const shape = node.shape();
  const gone = new Set(axes.map((axis) => node.axis(axis, shape.length)));
  return shape.flatMap((dim, i): Dim[] => (gone.has(i) ? (keep ? [1] : []) : [dim]));
};

/** Axes are an input (opset 18); none means all, unless `noop_with_empty_axes`. */
const reduce: OperatorSpec = {
  attributes: { keepdims: 'int', noop_with_empty_axes: 'int' },
  arity: [1, 2],
  infer: (node) => {
    const shape = node.shape();
    const given = node.optional(1) ? node.numbers(1) : [];
    if (given.length === 0 && node.int('noop_with_empty_axes', 0) === 1)
      return [{ dtype: node.dtype(), shape }];
    const axes = given.length > 0 ? given : shape.map((_, i) => i);
    return [{ dtype: node.dtype(), shape: reducedShape(node, axes, node.int('keepdims', 1) === 1) }];
  },
};

export const reductions = {
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceSumSquare: reduce,
  ArgMax: {
    attributes: { axis: 'int', keepdims: 'int', select_last_index: 'int' },
    arity: [1, 1],
    infer: (node) => [
      { dtype: 'int64', shape: reducedShape(node, [node.int('axis', 0)], node.int('keepdims', 1) === 1) },
    ],
  },
} satisfies Record<string, OperatorSpec>;
