/** Contents of small integer tensors, and open dimensions: what is followed through a graph is right when it runs. */
import { describe, expect, test } from 'vitest';
import { expectSame, filled, runOnce } from '../../../test/support/same-outputs.ts';
import type { Dim } from '../dim.ts';
import { Graph } from '../graph.ts';
import * as ops from '../ops/index.ts';
import { int64, type Tensor, toNumbers } from '../tensor.ts';

describe('contents of small integer tensors', () => {
  test('shape arithmetic of a file is followed, with an open batch', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3, 8, 8]);
    const shape = ops.Shape(x);
    const batch = ops.Gather(shape, graph.constant(int64([], [0])), { axis: 0 });
    const rest = ops.Slice(shape, { starts: [1], ends: [4], axes: [0] });
    const target = ops.Concat([ops.Unsqueeze(batch, [0]), graph.constant(int64([1], [-1]))], 0);
    expect(rest.known).toEqual([3, 8, 8]);
    expect(target.known).toEqual(['N', -1]);
    expect(ops.Reshape(x, target).shape).toEqual(['N', 192]);
    expect(ops.Reshape(ops.Reshape(x, [-1]), shape).shape).toEqual(['N', 3, 8, 8]);
  });

  test('known contents are what comes out', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3, 5]);
    const shape = ops.Shape(x);
    const two = graph.constant(int64([1], [2]));
    const values = {
      shape,
      part: ops.Shape(x, { start: 1, end: 3 }),
      tail: ops.Shape(x, { start: -2 }),
      sum: ops.Add(shape, two),
      difference: ops.Sub(two, shape),
      product: ops.Mul(shape, shape),
      quotient: ops.Div(ops.Sub(two, shape), two),
      backwards: ops.Slice(shape, { starts: [-1], ends: [-9], axes: [0], steps: [-1] }),
      picked: ops.Gather(shape, graph.constant(int64([2], [-1, 0]))),
      cast: ops.Cast(ops.Cast(shape, 'int32'), 'int64'),
      joined: ops.Concat([shape, two], 0),
    };
    for (const [name, value] of Object.entries(values)) {
      expect(value.known, name).toBeDefined();
      graph.output(name, value);
    }
    const found = await runOnce(graph, { x: filled([2, 3, 5]) });
    for (const [name, value] of Object.entries(values))
      expect(value.known, name).toEqual(toNumbers(found[name] as Tensor));
  });
});

describe('open dimensions', () => {
  test('pass through, and what they become is right at any size', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2, 6]);
    const values = [
      ops.Reshape(x, [-1, 12]),
      ops.Concat([x, x], 0),
      ops.Pad(x, [1, 0, 0, 2, 0, 0]),
      ops.Tile(x, [3, 1, 1]),
      ops.Flatten(x, { axis: 2 }),
      ops.Slice(x, { starts: [0], ends: [2 ** 31 - 1], axes: [0] }),
      ops.ReduceSum(x, [1]),
      ops.MatMul(x, graph.initializer('w', filled([6, 5]))),
    ];
    const expected: ((n: number) => number[])[] = [
      (n) => [n, 12],
      (n) => [2 * n, 2, 6],
      (n) => [n + 3, 2, 6],
      (n) => [3 * n, 2, 6],
      (n) => [2 * n, 6],
      (n) => [n, 2, 6],
      (n) => [n, 1, 6],
      (n) => [n, 2, 5],
    ];
    values.forEach((value, i) => {
      graph.output(`y${i}`, value);
    });
    const at = (dim: Dim, n: number) =>
      typeof dim === 'number' ? dim : (Function('N', `return ${dim}`)(n) as number);
    for (const n of [1, 4]) {
      const found = await runOnce(graph, { x: filled([n, 2, 6]) });
      values.forEach((value, i) => {
        expect(value.shape?.map((dim) => at(dim, n))).toEqual(expected[i]?.(n));
        expect(found[`y${i}`]?.dims).toEqual(expected[i]?.(n));
      });
    }
  });

  test('two different symbols broadcast to a size known only when run', async () => {
    const graph = new Graph();
    const a = graph.input('a', 'float32', ['N', 2]);
    const b = graph.input('b', 'float32', ['M', 2]);
    const y = ops.Add(a, b);
    expect(y.shape?.[0]).not.toBe('N');
    expect(y.shape?.[0]).not.toBe('M');
    graph.output('y', y);
    const found = await runOnce(graph, { a: filled([1, 2]), b: filled([3, 2]) });
    const want = await runOnce(graph, { a: filled([3, 2].map((d, i) => (i ? d : 1))), b: filled([3, 2]) });
    expectSame(found, want);
    expect(found['y']?.dims).toEqual([3, 2]);
  });
});
