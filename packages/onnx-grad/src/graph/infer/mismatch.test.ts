/** Shapes that do not fit are refused by name: the operator, the node and every shape. */
import { describe, expect, test } from 'vitest';
import { OnnxGradError } from '../../errors.ts';
import type { Shape } from '../dim.ts';
import { Graph } from '../graph.ts';
import type { OperatorName } from '../operators.ts';
import * as ops from '../ops/index.ts';
import { int64 } from '../tensor.ts';
import type { Attributes } from '../value.ts';

describe('shapes that do not fit', () => {
  const input = (graph: Graph, shape: Shape, name = `in${graph.inputs.length}`) =>
    graph.input(name, 'float32', shape);
  const wrong: [OperatorName, readonly Shape[], Attributes?][] = [
    ['Add', [[2, 3], [4]]],
    [
      'MatMul',
      [
        [2, 3],
        [4, 5],
      ],
    ],
    [
      'MatMul',
      [
        [2, 2, 3],
        [3, 3, 5],
      ],
    ],
    ['MatMul', [[], [3]]],
    [
      'Gemm',
      [
        [2, 3],
        [2, 3],
      ],
    ],
    ['Gemm', [[2, 3], [3, 4], [3]]],
    [
      'Gemm',
      [
        [1, 3],
        [3, 4],
        [2, 4],
      ],
    ],
    [
      'Gemm',
      [
        [2, 3, 1],
        [3, 4],
      ],
    ],
    [
      'Conv',
      [
        [1, 3, 8, 8],
        [4, 2, 3, 3],
      ],
    ],
    [
      'Conv',
      [
        [1, 3, 8, 8],
        [4, 3, 3],
      ],
    ],
    [
      'Conv',
      [
        [1, 3, 2, 2],
        [4, 3, 3, 3],
      ],
    ],
    ['Conv', [[1, 3, 8, 8], [4, 3, 3, 3], [5]]],
    [
      'Conv',
      [
        [1, 4, 8, 8],
        [3, 2, 3, 3],
      ],
      { group: 2 },
    ],
    [
      'Conv',
      [
        [1, 3, 8, 8],
        [4, 3, 3, 3],
      ],
      { kernel_shape: [5, 5] },
    ],
    [
      'ConvTranspose',
      [
        [1, 3, 8, 8],
        [4, 2, 3, 3],
      ],
    ],
    ['MaxPool', [[1, 1, 2, 2]], { kernel_shape: [3, 3] }],
    ['MaxPool', [[1, 1, 2, 2]], { kernel_shape: [2] }],
    ['BatchNormalization', [[1, 3, 2], [3], [3], [2], [3]]],
    [
      'Concat',
      [
        [2, 3],
        [2, 3, 1],
      ],
      { axis: 0 },
    ],
    [
      'Concat',
      [
        [2, 3],
        [2, 4],
      ],
      { axis: 0 },
    ],
    ['Transpose', [[2, 3]], { perm: [0, 0] }],
    ['Softmax', [[2, 3]], { axis: 2 }],
    ['Gather', [[2, 3], [1]], { axis: 2 }],
    ['GatherElements', [[2, 3], [1]]],
  ];

  test.each(wrong)('%s of %j %j names the operator and every shape', (op, shapes, attributes = {}) => {
    const graph = new Graph();
    const inputs = shapes.map((shape) => input(graph, shape));
    try {
      graph.node(op, inputs, attributes, { name: 'layer7' });
    } catch (error) {
      expect(error).toBeInstanceOf(OnnxGradError);
      const { code, message, hint } = error as OnnxGradError;
      expect(code).toBe('OG_SHAPE_MISMATCH');
      expect(message).toContain(`${op} 'layer7'`);
      for (const shape of shapes) expect(message).toContain(`[${shape.join(', ')}]`);
      expect(hint).not.toBe('');
      return;
    }
    expect.unreachable('nothing was refused');
  });

  test('types that differ, too many inputs, attributes that are not there', () => {
    const graph = new Graph();
    const a = input(graph, [2]);
    const b = graph.input('b', 'float64', [2]);
    expect(() => graph.node('Add', [a, b])).toThrowError(/Add .*float32 and float64/);
    expect(() => graph.node('Relu', [a, a])).toThrowError(/Relu .*takes 1 inputs but has 2/);
    expect(() => graph.node('Relu', [a], { alpha: 1 })).toThrowError(/Relu .*no attribute 'alpha'/);
    expect(() => graph.node('Relu', [a], { constructor: 1 } as never)).toThrowError(/Relu .*no attribute/);
    expect(() => graph.node('Relu', [null])).toThrowError(/Relu .*input 0 is missing/);
    expect(() => graph.node('Relu', [a], {}, { outputs: 2 })).toThrowError(/Relu .*at most 1 outputs/);
  });

  test('a window, a reshape or an expansion that cannot be', () => {
    const graph = new Graph();
    const x = input(graph, [2, 3]);
    expect(() => ops.Reshape(x, [4, 2])).toThrowError(/Reshape .*6 elements to \[4, 2\]/);
    expect(() => ops.Reshape(x, [4, -1])).toThrowError(/Reshape .*\[4, -1\]/);
    expect(() => ops.Reshape(x, [-1, -1])).toThrowError(/Reshape/);
    expect(() => ops.Reshape(x, [-2, -3])).toThrowError(/Reshape/);
    expect(() => ops.Expand(x, [4, 3])).toThrowError(/Expand .*\[4, 3\]/);
    expect(() => ops.Squeeze(x, [0])).toThrowError(/Squeeze .*axis 0 has 2/);
    expect(() => ops.Split(x, [1, 3], { axis: 1 })).toThrowError(/Split .*sum to 4.*3/);
    expect(() => ops.Pad(x, [1, 1])).toThrowError(/Pad .*2 pads for 2 axes/);
    expect(() => ops.Unsqueeze(x, [5])).toThrowError(/Unsqueeze .*axis 5/);
  });

  test('an index beyond a shape that is followed', () => {
    const graph = new Graph();
    const shape = ops.Shape(input(graph, [2, 3]));
    const at = (index: number) => ops.Gather(shape, graph.constant(int64([], [index])));
    expect([at(1).known, at(-2).known]).toEqual([[3], [2]]);
    for (const index of [2, -3])
      expect(() => at(index)).toThrowError(/Gather .*index -?\d is out of range for 2/);
  });
});
