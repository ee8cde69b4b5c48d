/** Which stored tensors count as parameters, and as what. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { elementCount, float32, int64 } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm, conv2d, convTranspose2d, dense, embedding, groupNorm, layerNorm } from '../nn/layers.ts';
import { decodeModel } from '../onnx/decode.ts';
import { encodeModel } from '../onnx/encode.ts';
import { analyseParameters, findParameters, type Parameter } from './parameters.ts';

const stored = (g: Graph, name: string, dims: readonly number[], value = 0.3): Value =>
  g.initializer(
    name,
    float32(
      dims,
      Float32Array.from({ length: elementCount(dims) }, (_, i) => value + 0.01 * i),
    ),
  );

const found = (build: (g: Graph) => Value): Parameter[] => {
  const g = new Graph();
  g.output('y', build(g));
  return [...findParameters(g)];
};
const kinds = (build: (g: Graph) => Value): Record<string, string> =>
  Object.fromEntries(found(build).map(({ name, kind }) => [name, kind]));
const fans = (build: (g: Graph) => Value): Record<string, readonly [number, number]> =>
  Object.fromEntries(found(build).map(({ name, fanIn, fanOut }) => [name, [fanIn, fanOut]]));

const vector = (g: Graph): Value => g.input('x', 'float32', ['N', 6]);
const image = (g: Graph): Value => g.input('x', 'float32', ['N', 4, 8, 8]);

describe('fans', () => {
  it.each<[string, readonly number[], (g: Graph, w: Value) => Value]>([
    ['Gemm', [6, 3], (g, w) => ops.Gemm(vector(g), w)],
    ['Gemm, transposed', [3, 6], (g, w) => ops.Gemm(vector(g), w, undefined, { transB: 1 })],
    ['Gemm, weight on the left', [3, 6], (g, w) => ops.Gemm(w, ops.Transpose(vector(g), [1, 0]))],
    ['MatMul', [6, 3], (g, w) => ops.MatMul(vector(g), w)],
    ['MatMul, weight on the left', [3, 6], (g, w) => ops.MatMul(w, ops.Transpose(vector(g), [1, 0]))],
    ['MatMul behind Transpose', [3, 6], (g, w) => ops.MatMul(vector(g), ops.Transpose(w, [1, 0]))],
    [
      'MatMul behind Reshape and Identity',
      [18],
      (g, w) => ops.MatMul(vector(g), ops.Identity(ops.Reshape(w, [6, 3]))),
    ],
  ])('%s: 6 in, 3 out', (_, dims, build) => {
    expect(fans((g) => build(g, stored(g, 'w', dims)))).toEqual({ w: [6, 3] });
  });

  it('convolutions: channels times kernel, per group', () => {
    expect(
      fans((g) => ops.Conv(image(g), stored(g, 'w', [8, 2, 3, 5]), stored(g, 'b', [8]), { group: 2 })),
    ).toEqual({
      w: [30, 120],
      b: [30, 120],
    });
  });
  it('transposed convolutions, as PyTorch counts them', () => {
    expect(fans((g) => ops.ConvTranspose(image(g), stored(g, 'w', [4, 5, 3, 3])))).toEqual({ w: [45, 36] });
  });
});

describe('kinds', () => {
  it('a bias that follows as Add, in either order and layout', () => {
    const nhwc = (g: Graph) =>
      ops.Add(
        ops.Transpose(ops.Conv(image(g), stored(g, 'w', [8, 4, 3, 3])), [0, 2, 3, 1]),
        stored(g, 'b', [8]),
      );
    expect(kinds(nhwc)).toEqual({ w: 'weight', b: 'bias' });
    expect(fans(nhwc)['b']).toEqual([36, 72]);
    const left = (g: Graph) => ops.Add(stored(g, 'b', [3]), ops.MatMul(vector(g), stored(g, 'w', [6, 3])));
    expect(kinds(left)).toEqual({ w: 'weight', b: 'bias' });
  });
  it('the bias of a layer with one output, but no single number of an activation', () => {
    const one = (g: Graph) => ops.Add(ops.MatMul(vector(g), stored(g, 'w', [6, 1])), stored(g, 'b', [1]));
    expect(kinds(one)).toEqual({ w: 'weight', b: 'bias' });
    const swish = (g: Graph) => {
      const y = ops.Gemm(vector(g), stored(g, 'w', [6, 3]));
      return ops.Mul(
        y,
        ops.Mul(ops.Relu(ops.Add(y, stored(g, 'three', [1], 3))), stored(g, 'sixth', [1], 1 / 6)),
      );
    };
    expect(kinds(swish)).toEqual({ w: 'weight' });
  });
  it('a second summand and factors behind a layer', () => {
    const affine = (g: Graph) => {
      const y = ops.Conv(image(g), stored(g, 'w', [8, 4, 3, 3]), stored(g, 'b', [8]));
      const scaled = ops.Mul(y, stored(g, 'gamma', [8, 1, 1]));
      return ops.Add(ops.Div(scaled, stored(g, 'deviation', [1, 8, 1, 1])), stored(g, 'beta', [8, 1, 1]));
    };
    expect(kinds(affine)).toEqual({
      w: 'weight',
      b: 'bias',
      gamma: 'scale',
      deviation: 'scale',
      beta: 'shift',
    });
  });
  it('one bias at most for a layer that two sums read', () => {
    const twice = (g: Graph) => {
      const y = ops.MatMul(vector(g), stored(g, 'w', [6, 3]));
      return ops.Mul(ops.Add(y, stored(g, 'b', [3])), ops.Add(y, stored(g, 'c', [3])));
    };
    expect(kinds(twice)).toEqual({ w: 'weight', b: 'bias', c: 'shift' });
  });
  it('normalisations', () => {
    const all = (g: Graph) => {
      const c = (name: string) => stored(g, name, [4]);
      const bn = ops.BatchNormalization(image(g), {
        scale: c('s'),
        bias: c('b'),
        mean: c('m'),
        variance: c('v'),
      });
      const instance = ops.InstanceNormalization(bn, c('is'), c('ib'));
      return ops.LayerNormalization(instance, stored(g, 'ls', [8]), stored(g, 'lb', [8]));
    };
    expect(kinds(all)).toEqual({
      s: 'scale',
      b: 'shift',
      m: 'running-mean',
      v: 'running-variance',
      is: 'scale',
      ib: 'shift',
      ls: 'scale',
      lb: 'shift',
    });
  });
  it('a table, positions, a class token and a slope; not a mask', () => {
    const text = (g: Graph) => {
      const ids = g.input('ids', 'int64', ['N', 5]);
      const words = ops.Gather(stored(g, 'table', [50, 8]), ids);
      const placed = ops.Add(
        words,
        ops.Slice(stored(g, 'positions', [9, 8]), { starts: [0], ends: [5], axes: [0] }),
      );
      const scores = ops.MatMul(placed, ops.Transpose(placed, [0, 2, 1]));
      const mask = g.initializer(
        'mask',
        float32(
          [5, 5],
          Array.from({ length: 25 }, (_, i) => (i % 6 > 2 ? -Infinity : 0)),
        ),
      );
      const mixed = ops.MatMul(ops.Softmax(ops.Add(scores, mask)), placed);
      const token = ops.Expand(stored(g, 'token', [1, 1, 8]), [2, 1, 8]);
      return ops.PRelu(ops.Concat([token, mixed], 1), stored(g, 'slope', [8]));
    };
    expect(kinds(text)).toEqual({
      table: 'embedding',
      positions: 'position',
      token: 'position',
      slope: 'slope',
    });
  });
  it('not what happens to the input before the first layer, nor shapes and axes', () => {
    const g = new Graph();
    const x = image(g);
    const normalised = ops.Div(ops.Sub(x, stored(g, 'mean', [4, 1, 1])), stored(g, 'std', [4, 1, 1]));
    const flat = ops.Reshape(ops.ReduceMean(normalised, [2, 3]), g.initializer('shape', int64([2], [-1, 4])));
    g.output('y', ops.Gemm(flat, stored(g, 'w', [4, 2])));
    const { parameters, constants } = analyseParameters(g);
    expect(parameters.map(({ name }) => name)).toEqual(['w']);
    expect(constants).toEqual(['mean', 'std']);
  });
  it('weights in Constant nodes', () => {
    expect(
      kinds((g) =>
        ops.Gemm(
          vector(g),
          g.node(
            'Constant',
            [],
            { value: float32([6, 1], [1, 2, 3, 4, 5, 6]) },
            { outputNames: ['w'] },
          )[0] as Value,
        ),
      ),
    ).toEqual({ w: 'weight' });
  });
});

describe('hidden numbers', () => {
  it('names a computed weight and an operator that is not known', () => {
    const g = new Graph();
    const computed = ops.Mul(stored(g, 'v', [6, 3]), stored(g, 'g', [3]));
    const y = ops.MatMul(vector(g), computed);
    const [z] = g.opaqueNode({
      op: 'LSTM',
      domain: '',
      name: 'lstm',
      inputs: [y, stored(g, 'r', [4, 4])],
      attributes: [],
      outputs: [{ name: 'z', dtype: 'float32', shape: ['N', 3] }],
    });
    g.output('z', z as Value);
    const { hidden } = analyseParameters(g);
    expect(hidden.map(({ node }) => node.op)).toEqual(['MatMul', 'LSTM']);
    expect(hidden[1]?.reason).toMatch(/'r' \[4, 4\]/);
  });
});

describe('models', () => {
  it('our own: what the layers marked, and the running statistics', () => {
    const g = new Graph();
    const named = (name: string) => ({ name, seed: 1 });
    let x = conv2d(image(g), { ...named('c'), channels: 6, kernel: 3 });
    x = convTranspose2d(batchNorm(x, named('bn')), { ...named('t'), channels: 4, kernel: 2 });
    x = groupNorm(x, { ...named('gn'), groups: 2 });
    x = layerNorm(dense(ops.Flatten(x), { ...named('d'), units: 5 }), named('ln'));
    const ids = g.input('ids', 'int64', ['N']);
    g.output('y', ops.Add(x, embedding(ids, { ...named('e'), count: 7, width: 5 })));
    const expected = {
      'c.weight': 'weight',
      'c.bias': 'bias',
      'bn.weight': 'scale',
      'bn.bias': 'shift',
      'bn.running_mean': 'running-mean',
      'bn.running_var': 'running-variance',
      't.weight': 'weight',
      't.bias': 'bias',
      'gn.weight': 'scale',
      'gn.bias': 'shift',
      'd.weight': 'weight',
      'd.bias': 'bias',
      'ln.weight': 'scale',
      'ln.bias': 'shift',
      'e.weight': 'embedding',
    };
    const of = (graph: Graph) =>
      Object.fromEntries(findParameters(graph).map(({ name, kind }) => [name, kind]));
    expect(of(g)).toEqual(expected);
    // A file without the list of parameters leaves it to the search, which finds the same.
    for (const name of [...g.parameters]) g.setTrainable(name, false);
    expect(of(decodeModel(encodeModel(g)))).toEqual(expected);
  });
  it('keeps a choice the file has made, and says when it cannot tell the use', () => {
    const g = new Graph();
    const y = ops.Gemm(ops.Gemm(vector(g), stored(g, 'frozen', [6, 6])), stored(g, 'head', [6, 2]));
    g.output('y', ops.Mul(y, stored(g, 'temperature', [1])));
    g.setTrainable('head', true);
    g.setTrainable('temperature', true);
    expect(findParameters(g).map(({ name, kind }) => [name, kind])).toEqual([
      ['head', 'weight'],
      ['temperature', 'other'],
    ]);
  });

  const folder = fileURLToPath(new URL('../../../../../shared/data/onnx/', import.meta.url));
  it.skipIf(!existsSync(folder)).each([
    ['mnist-net_256x2', 6, 269_322],
    ['resnet_2b', 16, 112_006],
    ['cifar10_medium', 10, 165_498],
    ['mnist_0.1.eth', 8, 348_374],
  ])('%s: every stored float is a weight or a bias (needs shared/data/onnx)', (file, count, elements) => {
    const graph = decodeModel(readFileSync(`${folder}${file}.onnx`));
    const { parameters, constants, hidden } = analyseParameters(graph);
    expect(constants).toEqual([]);
    expect(hidden).toEqual([]);
    expect(parameters).toHaveLength(count);
    expect(parameters.reduce((sum, { dims }) => sum + elementCount(dims), 0)).toBe(elements);
    for (const { kind, dims } of parameters) expect(kind).toBe(dims.length > 1 ? 'weight' : 'bias');
  });
});
