/** Writing ONNX files: what is read back, or run as written, is what was meant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSame, filled, numbers, runOnce } from '../../test/support/same-outputs.ts';
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { float32, int64, scalar, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { createSession } from '../runtime/session.ts';
import { decodeModel } from './decode.ts';
import { encodeModel } from './encode.ts';

const rows = 2;
const columns = 4;

/** Steps that keep the shape `[rows, columns]`; each may use any earlier value. */
const steps: ((a: Value, b: Value, pick: number) => Value)[] = [
  (a, b) => ops.Add(a, b),
  (a, b) => ops.Sub(a, b),
  (a, b) => ops.Mul(ops.Tanh(a), b),
  (a, b) => ops.Max(a, b),
  (a, b) => ops.Where(ops.Less(a, b), a, b),
  (a) => ops.LeakyRelu(a, { alpha: 0.125 }),
  (a, _, pick) => ops.Softmax(a, { axis: pick % 2 }),
  (a, _, pick) => ops.Gelu(a, { approximate: pick % 2 ? 'tanh' : 'none' }),
  (a, _, pick) => ops.Concat([...ops.Split(a, pick % 2 ? [1, 3] : [2, 2], { axis: -1 })].reverse(), 1),
  (a) => ops.Transpose(ops.Transpose(a, [1, 0])),
  (a, _, pick) => ops.Reshape(ops.Reshape(a, [-1]), pick % 2 ? [rows, columns] : ops.Shape(a)),
  (a, b) => ops.Gemm(a, b, undefined, { transB: 1, alpha: 0.25 }) && ops.Add(a, ops.ReduceSum(b, [1])),
  (a, _, pick) =>
    ops.Pad(ops.Slice(a, { starts: [1], ends: [9], axes: [1] }), [0, 1, 0, 0], {
      mode: pick % 2 ? 'edge' : 'constant',
    }),
  (a, _, pick) => ops.Gather(a, a.graph.constant(int64([4], [3, pick % 4, -1, 0])), { axis: 1 }),
  (a) => ops.Clip(a, a.graph.scalar(-0.5)),
  (a) => ops.Squeeze(ops.MaxPool(ops.Unsqueeze(a, [0]), { kernel_shape: [1] }), [0]),
  (a) => ops.LayerNormalization(a, a.graph.initializer(a.graph.freshName('scale'), float32([4], numbers(4)))),
];

const program = fc.array(
  fc.record({ step: fc.nat({ max: steps.length - 1 }), a: fc.nat(), b: fc.nat(), pick: fc.nat({ max: 9 }) }),
  { minLength: 1, maxLength: 8 },
);

const built = (
  list: readonly { step: number; a: number; b: number; pick: number }[],
  batch: number | string = rows,
): Graph => {
  const graph = new Graph('random');
  const values = [
    graph.input('x', 'float32', [batch, columns]),
    graph.initializer('w', float32([rows, columns], numbers(rows * columns, 3)), { trainable: true }),
  ];
  for (const { step, a, b, pick } of list)
    values.push(
      (steps[step] as (typeof steps)[0])(
        values[a % values.length] as Value,
        values[b % values.length] as Value,
        pick,
      ),
    );
  graph.output('y', values.at(-1) as Value);
  graph.output('again', values.at(-1) as Value);
  graph.output('x_too', values[0] as Value);
  return graph;
};

describe('random graphs', () => {
  const feeds = { x: filled([rows, columns]) };

  test('decoded from their bytes they have the same nodes, shapes, attributes, tensors and outputs', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (list) => {
        const graph = built(list);
        const bytes = encodeModel(graph);
        const back = decodeModel(bytes);
        expectSame(await runOnce(back, feeds), await runOnce(bytes, feeds));
        // Once dead nodes are gone and names are settled, nothing changes any more.
        expect(encodeModel(decodeModel(encodeModel(back)))).toEqual(encodeModel(back));
        expect(back.parameters).toEqual(new Set(back.has('w') ? ['w'] : []));
        expect(back.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }))).toEqual(
          graph.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('so have their gradients', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (list) => {
        const graph = built(list);
        const y = graph.outputs.get('y') as Value;
        const wrt = [graph.value('x'), graph.value('w')];
        const found = gradients(ops.ReduceSum(ops.Mul(y, y), undefined, { keepdims: false }), wrt);
        found.forEach((value, i) => {
          graph.output(`g${i}`, value);
        });
        const bytes = encodeModel(graph);
        expectSame(await runOnce(decodeModel(bytes), feeds), await runOnce(bytes, feeds));
      }),
      { numRuns: 30 },
    );
  });
});

describe('names', () => {
  const feeds = { x: filled([2]) };

  test('an output may take the name of a value that goes on living inside', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const [inner] = graph.node('Neg', [x], {}, { outputNames: ['y'] });
    const w = graph.initializer('z', float32([2], [1, 2]), { trainable: true });
    graph.output('y', ops.Mul(inner as Value, w));
    graph.output('z', ops.Abs(inner as Value));
    const { y, z } = await runOnce(graph, { x: float32([2], [3, -4]) });
    expect([Array.from(y?.data as Float32Array), Array.from(z?.data as Float32Array)]).toEqual([
      [-3, 8],
      [3, 4],
    ]);
    expect(decodeModel(encodeModel(graph)).parameters.size).toBe(1);
  });

  test('an output with the name of an input is refused', () => {
    const graph = new Graph();
    graph.output('x', ops.Neg(graph.input('x', 'float32', [2])));
    expect(() => encodeModel(graph)).toThrowError(expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }));
  });

  test('a name is given once', () => {
    const graph = new Graph();
    graph.input('x', 'float32', [2]);
    expect(() => graph.input('x', 'float32', [2])).toThrowError(
      expect.objectContaining({ code: 'OG_MODEL_INVALID' }),
    );
    expect(() => graph.initializer('', float32([], [1]))).toThrowError(
      expect.objectContaining({ code: 'OG_MODEL_INVALID' }),
    );
  });

  test('nodes of one name are told apart, as onnxruntime wants it', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const [a] = graph.node('Neg', [x], {}, { name: 'same' });
    const [b] = graph.node('Abs', [a as Value], {}, { name: 'same' });
    graph.output('y', b as Value);
    expect(new Set(graph.nodes.map(({ name }) => name)).size).toBe(2);
    expect((await runOnce(graph, feeds))['y']?.dims).toEqual([2]);
  });

  test('a fresh name is none that a node, an output or a reservation has', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    graph.reserve(['Relu_0']);
    const [y] = graph.node('Neg', [x], {}, { name: 'Relu_1', outputNames: ['Relu_2'] });
    graph.output('Relu_3', y as Value);
    expect(graph.freshName('Relu')).toBe('Relu_4');
  });
});

describe('outputs of nodes', () => {
  test('parts of a Split that nobody reads are still parts', async () => {
    for (const wanted of [0, 1, 2]) {
      const graph = new Graph();
      graph.output('y', ops.Split(graph.input('x', 'float32', [6]), [1, 2, 3])[wanted] as Value);
      expect((await runOnce(graph, { x: filled([6]) }))['y']?.dims).toEqual([wanted + 1]);
    }
  });

  describe('of batch normalisation for training', () => {
    const x = float32([4, 2], [1, 10, 2, 20, 3, 30, 4, 40]);
    const normalised = [-1.5, -1.5, -0.5, -0.5, 0.5, 0.5, 1.5, 1.5].map((v) => v / Math.sqrt(1.25));
    const close = (found: Tensor | undefined, want: readonly number[]) =>
      want.forEach((value, i) => {
        expect(found?.data[i]).toBeCloseTo(value, 3);
      });

    test.each(['stored', 'fed', 'shared'])(
      'y alone, %s statistics: nothing is written over',
      async (kind) => {
        const graph = new Graph();
        const input = graph.input('x', 'float32', [4, 2]);
        const of = (name: string, value: number) =>
          kind === 'fed'
            ? graph.input(name, 'float32', [2])
            : kind === 'stored'
              ? graph.initializer(name, float32([2], [value, value]))
              : graph.constant(float32([2], [value, value]));
        // Equal numbers for scale and variance, bias and mean: what is shared would be written over.
        const [scale, bias, mean, variance] = [of('s', 1), of('b', 0), of('m', 0), of('v', 1)];
        const [y] = graph.node('BatchNormalization', [input, scale, bias, mean, variance], {
          training_mode: 1,
        });
        graph.output('y', y as Value);
        const ones = () => float32([2], [1, 1]);
        const zeros = () => float32([2], [0, 0]);
        const feeds = { x, ...(kind === 'fed' && { s: ones(), b: zeros(), m: zeros(), v: ones() }) };
        await using session = await createSession(graph);
        for (let i = 0; i < 3; i++) close((await session.run(feeds))['y'], normalised);
        if (kind === 'fed') expect(feeds).toMatchObject({ m: zeros(), v: ones() });
      },
    );

    test('statistics that are read further on, and are outputs under other names', async () => {
      const graph = new Graph();
      const input = graph.input('x', 'float32', [4, 2]);
      const [s, b] = [graph.constant(float32([2], [1, 1])), graph.constant(float32([2], [0, 0]))];
      const [m, v] = [graph.input('m', 'float32', [2]), graph.input('v', 'float32', [2])];
      const made = ops.BatchNormalizationTraining(
        input,
        { scale: s, bias: b, mean: m, variance: v },
        { momentum: 0.5 },
      );
      graph.output('y', made.y);
      graph.output('mean', made.mean);
      graph.output('twice', ops.Add(made.mean, made.mean));
      graph.output('minus', ops.Neg(made.variance));
      graph.output('old', ops.Neg(m));
      const feeds = { x, m: float32([2], [1, 1]), v: float32([2], [1, 1]) };
      await using session = await createSession(graph);
      for (let i = 0; i < 3; i++) {
        const found = await session.run(feeds);
        close(found['y'], normalised);
        close(found['mean'], [1.75, 13]);
        close(found['twice'], [3.5, 26]);
        close(found['minus'], [-1.125, -63]);
        close(found['old'], [-1, -1]);
      }
    });
  });

  test('dead nodes and the tensors only they use are left out', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    ops.Add(x, graph.initializer('unused', float32([2], [1, 2]), { trainable: true }));
    graph.output('y', ops.Neg(x));
    const back = decodeModel(encodeModel(graph));
    expect(back.nodes.map(({ op }) => op)).toEqual(['Neg', 'Identity'].slice(0, back.nodes.length));
    expect([...back.initializers.keys(), ...back.parameters]).toEqual([]);
  });
});

test('integer attributes and lists beyond 64 bits are the nearest that fit', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 3]);
  graph.output('y', ops.Shape(x, { start: 0, end: 2 ** 63 }));
  graph.output('z', ops.Slice(x, { starts: [1], ends: [2 ** 63], axes: [1] }));
  const back = decodeModel(encodeModel(graph));
  expect(back.outputs.get('y')?.shape).toEqual([2]);
  expect(back.outputs.get('z')?.shape).toEqual(['N', 2]);
});

test('metadata, the graph name and scalars of every type survive', () => {
  const graph = new Graph('its name');
  graph.metadata.set('author', 'nobody');
  for (const dtype of ['float32', 'float64', 'int64', 'bool'] as const)
    graph.output(`${dtype}_out`, ops.Identity(graph.initializer(dtype, scalar(1, dtype))));
  const back = decodeModel(encodeModel(graph));
  expect(back.name).toBe('its name');
  expect([...back.metadata]).toEqual([['author', 'nobody']]);
  for (const dtype of ['float32', 'float64', 'int64', 'bool'] as const) {
    expect(back.outputs.get(`${dtype}_out`)?.dtype).toBe(dtype);
    expect(Number(back.initializers.get(dtype)?.data[0])).toBe(1);
  }
});
