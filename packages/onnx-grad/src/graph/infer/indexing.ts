/** Specifications of operators that read or write at computed positions. */
import type { Dim } from '../dim.ts';
import type { OperatorSpec } from './infer.ts';

export const indexing = {
  Gather: {
    attributes: { axis: 'int' },
    arity: [2, 2],
    infer: (node) => {
      const data = node.shape(0);
      const axis = node.axis(node.int('axis', 0), data.length);
      const shape = [...data.slice(0, axis), ...node.shape(1), ...data.slice(axis + 1)];
      const from = node.known(0);
      const at = node.known(1);
      const pick = (index: number): Dim =>
        from?.[index < 0 ? index + from.length : index] ??
        node.fail(`index ${index} is out of range for ${from?.length} elements`);
      const known =
        from && at?.every((index) => typeof index === 'number') && data.length === 1
          ? (at as number[]).map(pick)
          : undefined;
      return [{ dtype: node.dtype(), shape, ...(known && { known }) }];
    },
  },
  GatherElements: {
    attributes: { axis: 'int' },
    arity: [2, 2],
    infer: (node) => {
      if (node.shape(0).length !== node.shape(1).length)
        node.fail('data and indices must have the same rank');
      return [{ dtype: node.dtype(), shape: node.shape(1) }];
    },
  },
  ScatterElements: {
    attributes: { axis: 'int', reduction: 'string' },
    arity: [3, 3],
    infer: (node) => {
      if (node.shape(1).length !== node.shape(0).length || node.shape(2).length !== node.shape(0).length)
        node.fail('data, indices and updates must have the same rank');
      return [{ dtype: node.dtype(), shape: node.shape(0) }];
    },
  },
  GatherND: {
    attributes: { batch_dims: 'int' },
    arity: [2, 2],
    infer: (node) => {
      const data = node.shape(0);
      const indices = node.shape(1);
      const depth = indices.at(-1);
      if (typeof depth !== 'number') return node.fail("the indices' last dimension must be a number");
      const batch = node.int('batch_dims', 0);
      return [{ dtype: node.dtype(), shape: [...indices.slice(0, -1), ...data.slice(batch + depth)] }];
    },
  },
  ScatterND: {
    attributes: { reduction: 'string' },
    arity: [3, 3],
    infer: (node) => [{ dtype: node.dtype(), shape: node.shape(0) }],
  },
  OneHot: {
    attributes: { axis: 'int' },
    arity: [3, 3],
    infer: (node) => {
      const indices = node.shape(0);
      const rank = indices.length + 1;
      const axis = node.axis(node.int('axis', -1), rank);
      const depth = node.known(1)?.[0] ?? `(depth:${node.name})`;
      return [{ dtype: node.dtype(2), shape: [...indices.slice(0, axis), depth, ...indices.slice(axis)] }];
    },
  },
} satisfies Record<string, OperatorSpec>;
