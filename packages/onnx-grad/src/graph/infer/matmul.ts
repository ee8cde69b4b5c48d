/** Specifications of matrix products. */
import { broadcast, type Dim, type Shape, showShape } from '../dim.ts';
import type { NodeView, OperatorSpec } from './infer.ts';

/** Two dimensions that must be equal; a symbol may stand for any number. */
export const mustEqual = (node: NodeView, a: Dim, b: Dim, what: string): Dim => {
  if (typeof a === 'number' && typeof b === 'number' && a !== b) node.fail(`${what}: ${a} against ${b}`);
  return typeof a === 'number' ? a : b;
};

const matmulShape = (node: NodeView, a: Shape, b: Shape): Shape => {
  if (a.length === 0 || b.length === 0) return node.fail('a scalar has no matrix product');
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  mustEqual(
    node,
    left[left.length - 1] as Dim,
    right[right.length - 2] as Dim,
    `inner dimensions of ${showShape(a)} and ${showShape(b)} differ`,
  );
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (!batch) return node.fail(`leading dimensions of ${showShape(a)} and ${showShape(b)} do not broadcast`);
  return [
    ...batch,
    ...(a.length === 1 ? [] : [left[left.length - 2] as Dim]),
    ...(b.length === 1 ? [] : [right[right.length - 1] as Dim]),
  ];
};

export const products = {
  MatMul: {
    attributes: {},
    arity: [2, 2],
    infer: (node) => [{ dtype: node.dtype(), shape: matmulShape(node, node.shape(0), node.shape(1)) }],
  },
  Gemm: {
    attributes: { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' },
    arity: [2, 3],
    infer: (node) => {
      const a = node.shape(0);
      const b = node.shape(1);
      if (a.length !== 2 || b.length !== 2) return node.fail('both factors must be matrices');
      const [m, k] = (node.int('transA', 0) ? [a[1], a[0]] : a) as [Dim, Dim];
      const [inner, n] = (node.int('transB', 0) ? [b[1], b[0]] : b) as [Dim, Dim];
      mustEqual(node, k, inner, 'inner dimensions differ');
      const shape = [m, n];
      if (node.optional(2)) {
        const bias = broadcast(node.shape(2), shape);
        if (
          bias?.length !== 2 ||
          bias.some((dim, i) => typeof dim === 'number' && typeof shape[i] === 'number' && dim !== shape[i])
        )
          return node.fail(`the bias does not broadcast to ${showShape(shape)}`);
      }
      return [{ dtype: node.dtype(), shape }];
    },
  },
} satisfies Record<string, OperatorSpec>;
