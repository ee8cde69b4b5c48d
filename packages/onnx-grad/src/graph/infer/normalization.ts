/** Specifications of normalisation operators. */
import type { Dim } from '../dim.ts';
import type { NodeView, OperatorSpec } from './infer.ts';
import { mustEqual } from './matmul.ts';

const perChannel = (node: NodeView, inputs: readonly number[]): void => {
  const channels = node.shape(0)[1] as Dim;
  for (const i of inputs) {
    if (node.shape(i).length !== 1) node.fail(`input ${i} must have one value per channel`);
    mustEqual(node, node.shape(i)[0] as Dim, channels, `input ${i} against channels`);
  }
};

export const normalizations = {
  BatchNormalization: {
    attributes: { epsilon: 'float', momentum: 'float', training_mode: 'int' },
    arity: [5, 5],
    infer: (node) => {
      perChannel(node, [1, 2, 3, 4]);
      const y = { dtype: node.dtype(), shape: node.shape() };
      if (node.int('training_mode', 0) === 0) return [y];
      return [
        y,
        { dtype: node.dtype(3), shape: node.shape(3) },
        { dtype: node.dtype(4), shape: node.shape(4) },
      ];
    },
  },
  InstanceNormalization: {
    attributes: { epsilon: 'float' },
    arity: [3, 3],
    infer: (node) => {
      perChannel(node, [1, 2]);
      return [{ dtype: node.dtype(), shape: node.shape() }];
    },
  },
  LayerNormalization: {
    attributes: { axis: 'int', epsilon: 'float', stash_type: 'int' },
    arity: [2, 3],
    infer: (node) => {
      const shape = node.shape();
      const axis = node.axis(node.int('axis', -1), shape.length);
      const statistics = shape.map((dim, i) => (i < axis ? dim : 1));
      return [
        { dtype: node.dtype(), shape },
        { dtype: 'float32', shape: statistics },
        { dtype: 'float32', shape: statistics },
      ];
    },
  },
} satisfies Record<string, OperatorSpec>;
