import { elementCount, float32, type Graph, type Node, stream, type Tensor } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import { realModel, realModels } from '../../test/attacks/inversion/real-models.ts';
import { architecture } from '../models/architectures.ts';
import { untrainedModel } from '../models/train-model.ts';
import { OpenModel } from './live-model.ts';

/** Embeddings of whole models, against a plain forward pass in double precision, one record at a time. */

interface Plain {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

const make = (dims: readonly number[], at: (i: number) => number): Plain => ({
  dims,
  data: Float64Array.from({ length: elementCount(dims) }, (_, i) => at(i)),
});

/** Slides a window over each channel of `[1, C, H, W]`; `take` says what it makes of one position. */
const windows = (x: Plain, out: readonly number[], take: (c: number, y: number, x: number) => number) => {
  const [, , height, width] = out as [number, number, number, number];
  const at = (i: number) => {
    const c = Math.floor(i / (height * width));
    return take(c, Math.floor(i / width) % height, i % width);
  };
  expect(x.dims).toHaveLength(4);
  return make(out, at);
};

const pixel = ({ dims, data }: Plain, c: number, y: number, x: number): number | undefined => {
  const [, , h, w] = dims as [number, number, number, number];
  return y < 0 || y >= h || x < 0 || x >= w ? undefined : (data[(c * h + y) * w + x] as number);
};

type Attributes = Readonly<Record<string, readonly number[] | undefined>>;

const convolve = (x: Plain, w: Plain, b: Plain | undefined, attributes: Attributes): Plain => {
  const [out, channels, kh, kw] = w.dims as [number, number, number, number];
  const [stride = 1] = attributes['strides'] ?? [];
  const [pad = 0] = attributes['pads'] ?? [];
  const size = (n: number, k: number) => Math.floor((n + 2 * pad - k) / stride) + 1;
  const [, , h, wd] = x.dims as [number, number, number, number];
  return windows(x, [1, out, size(h, kh), size(wd, kw)], (o, y0, x0) => {
    let sum = (b?.data[o] as number | undefined) ?? 0;
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++)
          sum +=
            (pixel(x, c, y0 * stride + i - pad, x0 * stride + j - pad) ?? 0) *
            (w.data[((o * channels + c) * kh + i) * kw + j] as number);
    return sum;
  });
};

const pool = (x: Plain, [k = 1]: readonly number[]): Plain => {
  const [, c, h, w] = x.dims as [number, number, number, number];
  return windows(x, [1, c, Math.floor(h / k), Math.floor(w / k)], (channel, y0, x0) => {
    const seen = Array.from({ length: k * k }, (_, i) =>
      pixel(x, channel, y0 * k + Math.floor(i / k), x0 * k + (i % k)),
    );
    return Math.max(...(seen as number[]));
  });
};

/** The operators that our architectures are made of. */
const step = (node: Node, inputs: readonly Plain[]): Plain => {
  const [x, w, b, mean, variance] = inputs as [Plain, Plain, Plain, Plain, Plain];
  const attributes = node.attributes as unknown as Attributes;
  const places = elementCount(x.dims.slice(2));
  switch (node.op) {
    case 'Reshape':
    case 'Flatten':
      return { dims: [1, x.data.length], data: x.data };
    case 'Dropout':
      return x;
    case 'Relu':
      return make(x.dims, (i) => Math.max(0, x.data[i] as number));
    case 'Add':
      return make(x.dims, (i) => (x.data[i] as number) + (w.data[i] as number));
    case 'Gemm': {
      const [units, width] = w.dims as [number, number];
      return make([1, units], (u) => {
        let sum = b.data[u] as number;
        for (let i = 0; i < width; i++) sum += (x.data[i] as number) * (w.data[u * width + i] as number);
        return sum;
      });
    }
    case 'Conv':
      return convolve(x, w, b, attributes);
    case 'MaxPool':
      return pool(x, attributes['kernel_shape'] as readonly number[]);
    case 'GlobalAveragePool':
      return make([1, x.dims[1] as number, 1, 1], (c) => {
        let sum = 0;
        for (let i = 0; i < places; i++) sum += x.data[c * places + i] as number;
        return sum / places;
      });
    case 'BatchNormalization':
      return make(x.dims, (i) => {
        const c = Math.floor(i / places);
        const [scale, shift, m, v] = [w, b, mean, variance].map(({ data }) => data[c] as number) as [
          number,
          number,
          number,
          number,
        ];
        const epsilon = (node.attributes['epsilon'] as number | undefined) ?? 1e-5;
        return (((x.data[i] as number) - m) / Math.sqrt(v + epsilon)) * scale + shift;
      });
    default:
      throw new Error(`the plain forward pass has no ${node.op}`);
  }
};

/** What the last Gemm receives of one record. */
const plainEmbedding = (model: Graph, record: Plain): ArrayLike<number> => {
  const known = new Map<string, Plain>([['x', record]]);
  for (const [name, { dims, data }] of model.initializers)
    known.set(name, { dims, data: data as unknown as ArrayLike<number> });
  for (const node of model.nodes) {
    const inputs = node.inputs.map((input) => known.get(input?.name ?? '') as Plain);
    if (node === model.nodes.at(-1)) return (inputs[0] as Plain).data;
    known.set(node.outputs[0]?.name as string, step(node, inputs));
  }
  throw new Error('the model has no nodes');
};

/** Running statistics and scales that are not the ones a fresh model has. */
const unsettle = (model: Graph): void => {
  for (const [name, { dims }] of model.initializers)
    if (/norm/.test(name)) {
      const drawn = stream(9, name).uniform(new Float32Array(elementCount(dims)));
      model.setInitializer(
        name,
        float32(
          dims,
          drawn.map((v) => 0.5 + v),
        ),
      );
    }
};

const closeTo = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(found).toHaveLength(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  expect(largest).toBeGreaterThan(0.01);
  const off = Math.max(
    ...Array.from(expected, (value, i) => Math.abs(value - (found[i] as number)) / largest),
  );
  // Single precision, sums of up to 3,200.
  expect(off).toBeLessThan(2e-5);
};

const opened: OpenModel[] = [];
afterAll(async () => {
  for (const model of opened) await model.dispose();
});

const rows = 3;
const records = { ids: Uint32Array.of(2, 0, 1), labels: new Int32Array(rows) };

const open = (model: Graph, recordShape: readonly number[]) => {
  const width = elementCount(recordShape);
  const all = stream(4, 'records').normal(new Float32Array(rows * width));
  const record = (id: number) => all.subarray(id * width, (id + 1) * width);
  const inputs = ({ ids }: { readonly ids: Uint32Array }) =>
    Float32Array.from([...ids].flatMap((id) => [...record(id)]));
  const live = new OpenModel({ model, recordShape, inputs, signal: new AbortController().signal });
  opened.push(live);
  return { live, record, values: inputs(records) };
};

describe('embeddings of our architectures', () => {
  it.each([
    ['mlp', [1, 4, 4], 128],
    ['wide-mlp', [7], 256],
    ['simple-cnn', [2, 11, 10], 128],
    ['resnet', [3, 9, 8], 128],
  ] as const)('%s: what a plain forward pass gives the last layer', async (name, recordShape, width) => {
    const model = await untrainedModel(architecture(name), { recordShape, classes: 4, seed: 5 });
    unsettle(model);
    const { live, record } = open(model, recordShape);
    const found = await live.embeddings(records);
    expect([found.width, found.values.length]).toEqual([width, rows * width]);
    [...records.ids].forEach((id, i) => {
      const expected = plainEmbedding(model, { dims: [1, ...recordShape], data: record(id) });
      closeTo(found.values.subarray(i * width, (i + 1) * width), expected);
    });
  });

  it.each([
    ['random-forest', /TreeEnsembleClassifier/],
    ['logistic-regression', /it is the record itself/],
  ] as const)('%s: none', async (name, message) => {
    const options = { recordShape: [4], classes: 3, seed: 5 };
    const { live } = open(await untrainedModel(architecture(name), options), [4]);
    await expect(live.embeddings(records)).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringMatching(message),
    });
  });
});

/** Last weights, their bias, and how the weights are stored: `[classes, width]` or `[width, classes]`. */
const lastLayers: Readonly<Record<string, readonly [weights: string, bias: string, width: number]>> = {
  'cifar10_large.onnx': [
    'sequential_2/dense_8/MatMul/ReadVariableOp:0',
    'sequential_2/dense_8/BiasAdd/ReadVariableOp:0',
    64,
  ],
  'cifar10_medium.onnx': [
    'sequential_1/dense_5/MatMul/ReadVariableOp:0',
    'sequential_1/dense_5/BiasAdd/ReadVariableOp:0',
    64,
  ],
  'cifar_base_kw.onnx': ['7.weight', '7.bias', 100],
  'fashion_mnist.edwin-19.onnx': ['fc2.weight', 'fc2.bias', 256],
  'mnist-net_256x2.onnx': ['layers.4.weight', 'layers.4.bias', 256],
  'mnist_0.1.eth.onnx': ['blocks.layers.8.linear.weight', 'blocks.layers.8.linear.bias', 100],
  'resnet_2b.onnx': ['linear2.weight', 'linear2.bias', 100],
};

const logSoftmax = (z: readonly number[]): number[] => {
  const total = Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0));
  return z.map((v) => v - total);
};

describe.skipIf(realModels.length === 0)('models in shared/data/onnx (skipped: the folder is absent)', () => {
  const files = Object.keys(lastLayers).filter((file) => realModels.some((one) => one.file === file));

  it.each(files)('%s: embeddings times the last weights, plus bias, are the answers', async (file) => {
    const model = realModel(file);
    const [weights, bias, width] = lastLayers[file] as (typeof lastLayers)[string];
    const recordShape = model.inputs[0]?.shape?.slice(1) as number[];
    const { live, values } = open(model, recordShape);
    const [{ logits }, found] = [await live.answers({ values, rows }), await live.embeddings(records)];
    expect(found.width).toBe(width);
    const w = model.initializers.get(weights) as Tensor;
    const b = model.initializers.get(bias)?.data as Float32Array;
    const isRow = w.dims[0] === 10;
    const expected = Array.from({ length: rows }, (_, r) => {
      const z = Array.from({ length: 10 }, (_, c) => {
        let sum = b[c] as number;
        for (let i = 0; i < width; i++)
          sum +=
            (found.values[r * width + i] as number) *
            ((w.data as Float32Array)[isRow ? c * width + i : i * 10 + c] as number);
        return sum;
      });
      return file.startsWith('fashion') ? logSoftmax(z) : z;
    });
    closeTo(logits, expected.flat());
    expect(found.values.some((value) => value !== found.values[0])).toBe(true);
  });
});
