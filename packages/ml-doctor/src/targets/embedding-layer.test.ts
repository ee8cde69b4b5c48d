import { readFileSync } from 'node:fs';
import {
  createSession,
  decodeModel,
  dropZipMap,
  encodeModel,
  float32,
  Graph,
  nn,
  ops,
  type Value,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { EMBEDDING, embeddingGraph, embeddingLayer } from './embedding-layer.ts';

const seed = 1;

const network = (build: (x: Value) => Value, shape: readonly number[] = [6]): Graph => {
  const graph = new Graph('net');
  graph.output('logits', build(graph.input('x', 'float32', ['N', ...shape])));
  return graph;
};

const dense = (x: Value, name: string, units: number) => nn.dense(x, { name, seed, units });
const mlp = () => network((x) => dense(ops.Relu(dense(x, 'fc1', 5)), 'fc2', 3));

/** What a layer makes of two records, whose numbers count up from 0. */
const embed = async (model: Graph, name?: string) => {
  const found = embeddingLayer(model, name);
  const session = await createSession(embeddingGraph(model, found));
  const dims = [2, ...((model.inputs[0]?.shape ?? []).slice(1) as number[])];
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i);
  const out = await session.run({ x: { dtype: 'float32', dims, data } });
  await session.dispose();
  expect(Object.keys(out)).toEqual([EMBEDDING]);
  return { layer: found.layer, dims: out[EMBEDDING]?.dims, values: out[EMBEDDING]?.data, data };
};

const refusal = (code: string, message: RegExp, hint: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });

describe('embeddingLayer', () => {
  it('finds by the name of a value, an output, a node and a module', () => {
    const model = mlp();
    const [first, relu, last] = model.nodes as [Graph['nodes'][0], Graph['nodes'][0], Graph['nodes'][0]];
    const found = (name: string) => embeddingLayer(model, name).value;
    expect(found(relu.name)).toBe(relu.outputs[0]);
    expect(found(relu.outputs[0]?.name as string)).toBe(relu.outputs[0]);
    expect(found('logits')).toBe(last.outputs[0]);
    expect(found('fc1')).toBe(first.outputs[0]);
  });

  it('takes for a module what depends on the input, not what is made of its weights before', () => {
    const model = network((x) => {
      const w = x.graph.initializer('fc.weight', float32([6, 2], new Float32Array(12).fill(1)));
      x.graph.output('size', ops.ReduceSum(ops.Mul(w, w)));
      return ops.MatMul(x, w);
    });
    expect(embeddingLayer(model, 'fc').value).toBe(model.outputs.get('logits'));
  });

  it('gives a name by which the same layer is found again', () => {
    const model = mlp();
    const { layer, value } = embeddingLayer(model);
    expect(value.node?.op).toBe('Relu');
    expect(embeddingLayer(model, layer)).toMatchObject({ layer, value });
    const written = decodeModel(encodeModel(model));
    expect(embeddingLayer(written, layer).value).toBe(embeddingLayer(written).value);
  });

  it('gives the value’s name where the node’s is another value’s', () => {
    const model = new Graph('net');
    const x = model.input('x', 'float32', ['N', 6]);
    const [taken] = model.node('Relu', [dense(x, 'inner', 4)], {}, { name: 'first', outputNames: ['act'] });
    const [h] = model.node('Tanh', [taken as Value], {}, { name: 'act', outputNames: ['value'] });
    model.output('logits', dense(h as Value, 'fc', 3));
    expect(embeddingLayer(model)).toMatchObject({ layer: 'value', value: h });
    expect(embeddingLayer(model, 'act').value).toBe(taken);
  });

  it('offers the three nearest names for one it has not', () => {
    const model = network((x) => dense(dense(dense(dense(x, 'fc1', 5), 'fc2', 4), 'fc10', 4), 'head', 3));
    expect(() => embeddingLayer(model, 'fc3')).toThrow(
      refusal('MLD_LAYER_UNKNOWN', /^the model has no layer 'fc3'$/, /'fc1', 'fc2', 'fc10'\.$/),
    );
  });

  const unsuited: Readonly<Record<string, readonly [RegExp, (x: Value) => Value]>> = {
    'stored numbers': [
      /'wanted'.*does not depend on the input/,
      (x) => x.graph.initializer('wanted', float32([1, 2], [1, 2])),
    ],
    'what is computed of a shape': [/does not depend/, (x) => ops.Cast(ops.Shape(x), 'float32')],
    integers: [/holds int64, not floats/, (x) => ops.ArgMax(x, { axis: 1 })],
    'one number for all': [/shape \[\]/, (x) => ops.ReduceSum(x, undefined, { keepdims: false })],
    'one row for all': [/shape \[1, 6\] does not have one row/, (x) => ops.ReduceSum(x, [0])],
    'records side by side': [/shape \[6\*N\]/, (x) => ops.Reshape(x, [-1])],
    'records as columns': [/shape \[6, N\]/, (x) => ops.Transpose(x, [1, 0])],
  };
  it.each(Object.entries(unsuited))('refuses %s', (_, [message, build]) => {
    const model = network((x) => {
      x.graph.output('wanted', build(x));
      return dense(x, 'fc', 2);
    });
    expect(() => embeddingLayer(model, 'wanted')).toThrow(
      refusal('MLD_ATTACK_UNSUITED', message, /Name another layer.*black-box/),
    );
  });

  it('says of what it found itself what that is', () => {
    const model = network((x) => ops.Gemm(ops.Transpose(dense(x, 'fc1', 6), [1, 0]), stored(x, 'w', [2, 3])));
    expect(() => embeddingLayer(model)).toThrow(
      refusal('MLD_ATTACK_UNSUITED', /^'Transpose_\d+', which the last layer.*shape \[6, N\]/, /./),
    );
  });
});

const stored = (like: Value, name: string, dims: readonly number[]) =>
  like.graph.initializer(name, float32(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(0.5)));

const opaque = (x: Value, op: string, shape = x.shape) => {
  const [y] = x.graph.opaqueNode({
    ...{ op, domain: 'acme', name: x.graph.freshName(op), inputs: [x], attributes: [] },
    outputs: [{ name: x.graph.freshName('y'), dtype: 'float32', shape }],
  });
  return y as Value;
};

/** From a record [N, 6]: everything that is done to its numbers one by one, or that moves them. */
const sameRecord: Readonly<Record<string, (x: Value) => Value>> = {
  'the input': (x) => x,
  'a copy': (x) => ops.Identity(x),
  'a change of type': (x) => ops.Cast(ops.Cast(x, 'float64'), 'float32'),
  'a factor and a shift': (x) => ops.Add(ops.Mul(x, stored(x, 'factor', [6])), stored(x, 'shift', [6])),
  'batch normalisation': (x) => nn.batchNorm(x, { name: 'norm', seed }),
  'layer normalisation': (x) => nn.layerNorm(x, { name: 'norm', seed }),
  'a scaler of scikit-learn': (x) => opaque(x, 'Scaler'),
  'an activation': (x) => ops.Tanh(x),
  'other columns of it': (x) =>
    ops.Gather(x, x.graph.constant({ dtype: 'int64', dims: [2], data: BigInt64Array.of(4n, 1n) }), {
      axis: 1,
    }),
  'a shape read elsewhere': (x) => ops.Reshape(x, ops.Shape(x)),
  'numbers of two inputs': (x) => ops.Concat([x, ops.Relu(x.graph.input('extra', 'float32', ['N', 2]))], 1),
};

/** From a record [N, 6]: what a model has made of it. */
const learnt: Readonly<Record<string, (x: Value) => Value>> = {
  'a dense layer': (x) => dense(x, 'inner', 4),
  'a dense layer far before': (x) =>
    ops.Tanh(nn.layerNorm(ops.Relu(dense(x, 'inner', 4)), { name: 'norm', seed })),
  'a product with stored weights': (x) => ops.MatMul(x, stored(x, 'w', [6, 2])),
  'weights on the left': (x) => ops.Squeeze(ops.MatMul(stored(x, 'w', [3, 6]), ops.Unsqueeze(x, [2])), [2]),
  'a convolution': (x) =>
    nn.flatten(
      nn.conv2d(ops.Reshape(x, [-1, 1, 2, 3]), { name: 'conv', seed, channels: 2, kernel: 1, padding: 0 }),
    ),
  'a residual branch': (x) => ops.Add(x, ops.Relu(dense(x, 'inner', 6))),
  'rows of a table': (x) =>
    ops.Gather(stored(x, 'table', [9, 4]), ops.Cast(ops.ReduceSum(x, [1], { keepdims: false }), 'int64')),
  'an operator that is not known': (x) => opaque(x, 'Secret', ['N', 4]),
  'a linear model of scikit-learn': (x) => opaque(x, 'LinearRegressor', ['N', 4]),
};

/** Nothing but the record lies before the last layer of these either way. */
const itself = (subject: RegExp) =>
  refusal(
    'MLD_ATTACK_UNSUITED',
    new RegExp(
      `^${subject.source} is no embedding of records: it is the record itself, as no layer with weights lies before it$`,
    ),
    /^Name a later layer \(option `layer`\); .*single layer has no embedding: use attribute\/gradient or attribute\/tabular\.$/,
  );

describe('the record itself', () => {
  it.each(Object.entries(sameRecord))('is refused when %s is named or all that lies before', (_, build) => {
    const model = network((x) => {
      const same = build(x);
      if (same !== x) x.graph.output('wanted', same);
      return dense(same, 'fc', 3);
    });
    const named = model.outputs.has('wanted') ? 'wanted' : 'x';
    expect(() => embeddingLayer(model, named)).toThrow(itself(new RegExp(`layer '${named}'`)));
    expect(() => embeddingLayer(model)).toThrow(
      itself(/'[^']+', which the last layer with weights receives,/),
    );
    // What comes after its only layer is a reading of its own.
    expect(embeddingLayer(model, 'fc').value).toBe(model.outputs.get('logits'));
  });

  it.each(Object.entries(learnt))('is not what comes from %s', (_, build) => {
    const model = network((x) => {
      const made = build(x);
      x.graph.output('wanted', made);
      return dense(made, 'fc', 3);
    });
    const value = model.outputs.get('wanted');
    expect(embeddingLayer(model, 'wanted').value).toBe(value);
    expect(embeddingLayer(model).value).toBe(value);
  });

  it('is refused where the last weights do not stand in a layer, and the one before receives the input', () => {
    const model = network((x) => {
      const rows = ops.Unsqueeze(ops.Relu(dense(x, 'fc1', 5)), [1]);
      return ops.ReduceSum(ops.Mul(rows, stored(x, 'w', [3, 5])), [2], { keepdims: false });
    });
    expect(() => embeddingLayer(model)).toThrow(itself(/'x', which the last layer with weights receives,/));
    expect(embeddingLayer(model, 'fc1').value.node?.op).toBe('Gemm');
  });

  it('is what the layer of scikit-learn’s logistic regression receives, and not its network’s last', () => {
    const model = (file: string) => {
      const folder = new URL('../../../onnx-grad/test/fixtures/', import.meta.url);
      return dropZipMap(decodeModel(readFileSync(new URL(file, folder)))).graph;
    };
    const logistic = model('iris-logistic.onnx');
    const [input] = [...logistic.inputs];
    expect(() => embeddingLayer(logistic)).toThrow(
      itself(/'[^']+', which the last layer with weights receives,/),
    );
    expect(() => embeddingLayer(logistic, input?.name)).toThrow(itself(new RegExp(`layer '${input?.name}'`)));
    const network = model('iris-network.onnx');
    const products = network.nodes.filter(({ op }) => op === 'MatMul' || op === 'Gemm');
    expect(embeddingLayer(network).value).toBe(products.at(-1)?.inputs[0]);
    expect(() => embeddingLayer(network, network.inputs[0]?.name)).toThrow(itself(/layer '[^']+'/));
  });
});

describe('embeddingGraph', () => {
  it('computes nothing after the layer, and leaves the model as it was', () => {
    const model = mlp();
    const graph = embeddingGraph(model, embeddingLayer(model, 'fc1'));
    const written = decodeModel(encodeModel(graph));
    expect(written.nodes.filter(({ op }) => op !== 'Identity').map(({ op }) => op)).toEqual(['Gemm']);
    expect([...written.initializers.keys()].sort()).toEqual(['fc1.bias', 'fc1.weight']);
    expect([...model.outputs.keys()]).toEqual(['logits']);
    expect(model.nodes).toHaveLength(3);
  });

  it('makes float32 of other floats', async () => {
    const double = (x: Value) => {
      const half = Float32Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 0.5 : 0));
      x.graph.output(
        'wide',
        ops.Cast(ops.MatMul(x, x.graph.initializer('w', float32([6, 6], half))), 'float64'),
      );
      return dense(x, 'fc', 2);
    };
    const { values, data } = await embed(network(double), 'wide');
    expect(values).toEqual(data.map((value) => value / 2));
  });

  /** A convolution that lets every channel pass as it is. */
  const same = (x: Value, channels: number, name = 'conv') => {
    const eye = Float32Array.from({ length: channels ** 2 }, (_, i) => (i % (channels + 1) === 0 ? 1 : 0));
    const w = x.graph.initializer(`${name}.weight`, float32([channels, channels, 1, 1], eye));
    return ops.Conv(x, w);
  };
  const head = (maps: Value) => ops.ReduceMean(maps, [2, 3], { keepdims: false });
  /** Means of a channel whose `places` numbers count up from its first. */
  const meanOf = (channel: number, places: number) => channel * places + (places - 1) / 2;

  it('averages the places of a picture that is too large, and says so', async () => {
    const model = network((x) => head(same(ops.Relu(same(x, 3, 'first')), 3)), [3, 40, 50]);
    const { layer, values, dims } = await embed(model);
    expect(layer).toMatch(/^Relu_\d+ \(mean over 40×50\)$/);
    expect(dims).toEqual([2, 3]);
    // Sums of 2,000 float32 numbers.
    [...(values as Float32Array)].forEach((value, channel) => {
      expect(value / meanOf(channel, 2000)).toBeCloseTo(1, 5);
    });
    expect((await embed(model, 'conv')).layer).toBe('conv (mean over 40×50)');
  });

  it('takes all numbers of one that is not', async () => {
    const { layer, values, dims, data } = await embed(
      network((x) => head(same(x, 4)), [4, 32, 32]),
      'conv',
    );
    expect([layer, dims, values]).toEqual(['conv (4×32×32, flattened)', [2, 4, 32, 32], data]);
  });

  it('averages tokens over their places, wherever the channels stand', async () => {
    const model = network(
      (x) => ops.ReduceMean(dense(ops.Tanh(dense(x, 'inner', 60)), 'fc', 2), [1], { keepdims: false }),
      [70, 8],
    );
    const { layer, dims } = await embed(model);
    expect([layer, dims]).toEqual([expect.stringMatching(/^Tanh_\d+ \(mean over 70\)$/), [2, 60]]);
  });

  it('averages nothing where it cannot tell the channels', async () => {
    // Rows of pixels mixed: neither the axis before nor the last one is the channels.
    const mixed = (x: Value) => ops.MatMul(stored(x, 'rows', [40, 40]), x);
    const model = network((x) => dense(nn.flatten(mixed(x)), 'fc', 2), [3, 40, 50]);
    const { layer, dims } = await embed(model, model.nodes[0]?.name as string);
    expect([layer, dims]).toEqual([expect.stringMatching(/\(3×40×50, flattened\)$/), [2, 3, 40, 50]]);
    // A row of numbers has no places, however long.
    expect((await embed(model)).layer).toMatch(/^Flatten_\d+$/);
  });

  it('sees channels behind what leaves the axes alone, and not behind what moves them', () => {
    const model = network(
      (x) => {
        const features = same(x, 3);
        const joined = ops.Concat([ops.Relu(features), ops.Tanh(features)], 1);
        x.graph.output('joined', joined);
        x.graph.output('moved', ops.Transpose(joined, [0, 2, 3, 1]));
        return head(features);
      },
      [3, 40, 50],
    );
    expect(embeddingLayer(model, 'joined')).toMatchObject({ averaged: [2, 3] });
    expect(embeddingLayer(model, 'moved')).toMatchObject({ averaged: [] });
  });
});
