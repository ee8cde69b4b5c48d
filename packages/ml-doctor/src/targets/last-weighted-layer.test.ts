import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { decodeModel, dropZipMap, float32, Graph, int64, nn, ops, type Value } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { forestGraph } from '../models/forest/forest-graph.ts';
import { lastWeightedInput } from './last-weighted-layer.ts';

const seed = 1;

/** A model of records of this shape whose answer is made by `build`, which returns what must be found beside it. */
const network = (
  build: (x: Value) => { readonly answer: Value; readonly embedding: Value },
  shape: readonly number[] = [6],
  output = 'logits',
) => {
  const graph = new Graph('net');
  const { answer, embedding } = build(graph.input('x', 'float32', ['N', ...shape]));
  graph.output(output, answer);
  return { graph, embedding };
};

const dense = (x: Value, name: string, units: number) => nn.dense(x, { name, seed, units });
const conv = (x: Value, name: string, channels: number, kernel = 3) =>
  nn.conv2d(x, { name, seed, channels, kernel, padding: kernel >> 1 });
const stored = (like: Value, name: string, dims: readonly number[]) =>
  like.graph.initializer(name, float32(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(0.5)));

const hidden = (x: Value) => ops.Relu(dense(x, 'fc1', 5));
const scalar = (x: Value, value: number) => x.graph.scalar(value);

/** What may follow the last layer, over logits of three classes. */
const tails: Readonly<Record<string, (z: Value) => Value>> = {
  nothing: (z) => z,
  softmax: (z) => ops.Softmax(z, { axis: 1 }),
  'log-softmax': (z) => ops.LogSoftmax(z, { axis: 1 }),
  'a temperature': (z) => ops.Div(z, scalar(z, 3)),
  'a factor': (z) => ops.Mul(scalar(z, 3), z),
  'a stored bias': (z) => ops.Add(stored(z, z.graph.freshName('bias'), [3]), z),
  'a change of type': (z) => ops.Cast(ops.Cast(z, 'float64'), 'float32'),
  'reshaping and back': (z) => ops.Squeeze(ops.Reshape(ops.Identity(z), [-1, 3, 1]), [2]),
  'a shape read from elsewhere': (z) => ops.Reshape(z, ops.Shape(z)),
  sigmoid: (z) => ops.Sigmoid(z),
  'softmax written out': (z) => {
    const e = ops.Exp(ops.Sub(z, ops.ReduceMax(z, [1])));
    return ops.Div(e, ops.ReduceSum(e, [1]));
  },
  'both answers of one': (z) => ops.Concat([z, ops.Sub(scalar(z, 1), z)], 1),
  normalisation: (z) => nn.layerNorm(z, { name: z.graph.freshName('norm'), seed }),
};

describe('lastWeightedInput', () => {
  it.each(Object.entries(tails))('finds what the last dense layer receives, before %s', (_, tail) => {
    const { graph, embedding } = network((x) => {
      const h = hidden(x);
      return { answer: tail(dense(h, 'fc2', 3)), embedding: h };
    });
    expect(lastWeightedInput(graph)).toBe(embedding);
  });

  it('whatever stands before and behind it', () => {
    const { 'both answers of one': _, ...chained } = tails;
    const tail = fc.array(fc.constantFrom(...Object.values(chained)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.boolean(), tail, (layers, residual, after) => {
        const { graph, embedding } = network((x) => {
          let h = x;
          for (let i = 0; i < layers; i++) {
            const next = ops.Tanh(dense(h, `fc${i}`, 6));
            h = residual ? ops.Add(h, next) : next;
          }
          return { answer: after.reduce((z, apply) => apply(z), dense(h, 'last', 3)), embedding: h };
        });
        expect(lastWeightedInput(graph)).toBe(embedding);
      }),
      { numRuns: 60 },
    );
  });

  const heads: Readonly<Record<string, (h: Value) => Value>> = {
    'MatMul with stored weights': (h) => ops.MatMul(h, stored(h, 'w', [5, 3])),
    'MatMul with a single column': (h) => ops.MatMul(h, stored(h, 'w', [5])),
    'MatMul with transposed weights': (h) => ops.MatMul(h, ops.Transpose(stored(h, 'w', [3, 5]), [1, 0])),
    'weights in a Constant node': (h) =>
      ops.MatMul(h, ops.Constant(h.graph, float32([5, 3], new Float32Array(15).fill(1)))),
    'weights stored as integers': (h) => {
      const w = h.graph.initializer('w', int64([5, 3], new Array(15).fill(2)));
      return ops.MatMul(h, ops.Mul(ops.Cast(w, 'float32'), scalar(h, 0.1)));
    },
    'weights on the left': (h) => ops.Squeeze(ops.MatMul(stored(h, 'w', [3, 5]), ops.Unsqueeze(h, [2])), [2]),
  };
  it.each(Object.entries(heads))('knows %s', (name, head) => {
    const { graph, embedding } = network((x) => {
      const h = hidden(x);
      return { answer: head(h), embedding: h };
    });
    const found = lastWeightedInput(graph);
    // There the layer receives the same numbers as columns.
    expect(name === 'weights on the left' ? found.node?.inputs[0] : found).toBe(embedding);
  });

  it('takes a convolution before pooling for the last layer', () => {
    const { graph, embedding } = network(
      (x) => {
        const features = ops.Relu(conv(x, 'conv1', 8));
        const maps = ops.Relu(conv(nn.dropout(features), 'conv2', 4, 1));
        const answer = ops.Softmax(nn.flatten(ops.GlobalAveragePool(maps)), { axis: 1 });
        return { answer, embedding: maps.node?.inputs[0]?.node?.inputs[0] as Value };
      },
      [3, 8, 8],
    );
    expect(lastWeightedInput(graph)).toBe(embedding);
    expect(embedding.node?.op).toBe('Dropout');
  });

  it('takes the last layer of a residual branch, whose other branch skips it', () => {
    const { graph, embedding } = network(
      (x) => {
        const features = ops.Relu(conv(x, 'conv1', 4));
        const inner = ops.Relu(conv(features, 'conv2', 4));
        const sum = ops.Add(conv(inner, 'conv3', 4), features);
        return { answer: ops.ReduceMean(sum, [2, 3], { keepdims: false }), embedding: inner };
      },
      [3, 8, 8],
    );
    expect(lastWeightedInput(graph)).toBe(embedding);
  });

  it('takes two heads on one value for one layer', () => {
    const { graph, embedding } = network((x) => {
      const h = hidden(x);
      return { answer: ops.Concat([dense(h, 'a', 1), dense(h, 'b', 2)], 1), embedding: h };
    });
    expect(lastWeightedInput(graph)).toBe(embedding);
  });

  it('passes by a product of two activations', () => {
    const { graph, embedding } = network((x) => {
      const h = hidden(x);
      const z = ops.Reshape(dense(h, 'fc2', 4), [-1, 2, 2]);
      return { answer: ops.Reshape(ops.MatMul(z, ops.Softmax(z, { axis: 2 })), [-1, 4]), embedding: h };
    });
    expect(lastWeightedInput(graph)).toBe(embedding);
  });

  it('takes the first output of floats where none is named logits', () => {
    const { graph, embedding } = network(
      (x) => {
        const h = hidden(x);
        const z = dense(h, 'fc2', 3);
        x.graph.output('label', ops.ArgMax(dense(z, 'fc3', 3), { axis: 1 }));
        return { answer: z, embedding: h };
      },
      [6],
      'scores',
    );
    expect(lastWeightedInput(graph)).toBe(embedding);
  });

  const unsuited: Readonly<Record<string, readonly [RegExp, (x: Value) => Value]>> = {
    'nothing but the input': [/'logits' does not come from a layer with weights/, (x) => ops.Softmax(x)],
    'stored numbers alone': [
      /does not come from/,
      (x) => ops.Add(stored(x, 'prior', [6]), stored(x, 'b', [6])),
    ],
    'two heads on two values': [
      /2 last layers.*Gemm '.*Gemm '/,
      (x) => ops.Add(dense(ops.Relu(x), 'a', 3), dense(ops.Tanh(x), 'b', 3)),
    ],
    'rows of a table': [
      /comes from Gather '/,
      (x) =>
        ops.Gather(stored(x, 'table', [9, 3]), ops.Cast(ops.ReduceSum(x, [1], { keepdims: false }), 'int64')),
    ],
    'a graph inside the model': [
      /comes from If 'branches'/,
      (x) => {
        const [y] = x.graph.opaqueNode({
          op: 'If',
          domain: '',
          name: 'branches',
          inputs: [x.graph.constant({ dtype: 'bool', dims: [], data: Uint8Array.of(1) })],
          outputs: [{ name: 'y', dtype: 'float32', shape: ['N', 3] }],
          attributes: [{ name: 'then_branch', graphs: [], g: {} }] as never,
        });
        return y as Value;
      },
    ],
    'an operator that is not known': [
      /comes from Secret 'inner'/,
      (x) =>
        ops.Add(
          dense(x, 'fc', 3),
          x.graph.opaqueNode({
            op: 'Secret',
            domain: 'acme',
            name: 'inner',
            inputs: [x],
            outputs: [{ name: 'y', dtype: 'float32', shape: ['N', 3] }],
            attributes: [],
          })[0] as Value,
        ),
    ],
  };
  it.each(Object.entries(unsuited))('refuses an answer from %s', (_, [message, build]) => {
    const { graph } = network((x) => ({ answer: build(x), embedding: x }));
    expect(() => lastWeightedInput(graph)).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTACK_UNSUITED',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/Name one of its layers.*black-box/),
      }),
    );
  });

  it('lets an operator that is not known stand before the last layer', () => {
    const { graph } = network((x) => {
      const [y] = x.graph.opaqueNode({
        ...{ op: 'Secret', domain: 'acme', name: 'inner', inputs: [x], attributes: [] },
        outputs: [{ name: 'y', dtype: 'float32', shape: ['N', 3] }],
      });
      return { answer: ops.Add(dense(y as Value, 'fc', 3), y as Value), embedding: x };
    });
    expect(lastWeightedInput(graph).name).toBe('y');
  });

  it('refuses a forest', () => {
    const stump = {
      features: Int32Array.of(0, -1, -1),
      thresholds: new Float32Array(3),
      left: Int32Array.of(1, 0, 0),
      right: Int32Array.of(2, 0, 0),
      votes: { node: Int32Array.of(1, 2), class: Int32Array.of(0, 1), weight: Float32Array.of(1, 1) },
    };
    expect(() => lastWeightedInput(forestGraph([stump], [2], 2))).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTACK_UNSUITED',
        message: expect.stringContaining('TreeEnsembleClassifier'),
      }),
    );
  });

  it('reads what scikit-learn’s models receive, and refuses its forest', () => {
    const model = (file: string) => {
      const folder = new URL('../../../onnx-grad/test/fixtures/', import.meta.url);
      return dropZipMap(decodeModel(readFileSync(new URL(file, folder)))).graph;
    };
    const logistic = model('iris-logistic.onnx');
    expect(lastWeightedInput(logistic)).toBe(
      logistic.nodes.find(({ op }) => op === 'LinearClassifier')?.inputs[0],
    );
    const network = model('iris-network.onnx');
    const products = network.nodes.filter(({ op }) => op === 'MatMul' || op === 'Gemm');
    expect(lastWeightedInput(network)).toBe(products.at(-1)?.inputs[0]);
    expect(products.length).toBeGreaterThan(1);
    expect(() => lastWeightedInput(model('iris-forest.onnx'))).toThrow(/TreeEnsembleClassifier/);
  });
});
