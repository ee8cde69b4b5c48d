import { createSession, float32, Graph, nn, ops, stream, type Value } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { lastLayerOf, withActivations } from './last-layer.ts';
import { OpenModel } from './live-model.ts';

const INPUTS = 4;
const HIDDEN = 5;
const CLASSES = 3;
const signal = new AbortController().signal;

/** A network with a hidden layer whose last layer is `head` with these weights, `[CLASSES, HIDDEN]`. */
const network = (
  head: (hidden: Value, weights: readonly number[]) => Value,
  weights: readonly number[],
): Graph => {
  const graph = new Graph('net');
  const x = graph.input('x', 'float32', ['N', INPUTS]);
  const hidden = ops.Tanh(nn.dense(x, { name: 'fc1', seed: 3, units: HIDDEN }));
  graph.output('logits', head(hidden, weights));
  return graph;
};

const transposed = (w: readonly number[]) =>
  Array.from({ length: w.length }, (_, i) => w[(i % CLASSES) * HIDDEN + Math.floor(i / CLASSES)]!);
const bias = (graph: Graph) =>
  graph.initializer('b', float32([CLASSES], [0.3, -0.2, 0.1]), { trainable: true });

const heads = {
  'Gemm with transposed weights': (h: Value, w: readonly number[]) =>
    ops.Gemm(h, h.graph.initializer('w', float32([CLASSES, HIDDEN], w)), bias(h.graph), { transB: 1 }),
  Gemm: (h: Value, w: readonly number[]) =>
    ops.Gemm(h, h.graph.initializer('w', float32([HIDDEN, CLASSES], transposed(w))), bias(h.graph)),
  'MatMul and a bias': (h: Value, w: readonly number[]) =>
    ops.Add(
      ops.MatMul(h, h.graph.initializer('w', float32([HIDDEN, CLASSES], transposed(w)))),
      bias(h.graph),
    ),
  'a bias and MatMul with a transpose': (h: Value, w: readonly number[]) =>
    ops.Add(
      bias(h.graph),
      ops.MatMul(h, ops.Transpose(h.graph.initializer('w', float32([CLASSES, HIDDEN], w)), [1, 0])),
    ),
} as const;

const rows = 4;
const values = stream(1, 'x').normal(new Float32Array(rows * INPUTS));
const records = { ids: Uint32Array.of(0, 1, 2, 3), labels: Int32Array.of(0, 1, 2, 1) };

/** −ln softmax(z)_y of one record, from a session of its own. */
const lossOf = async (model: Graph, record: number): Promise<number> => {
  const session = await createSession(model);
  const data = values.slice(record * INPUTS, (record + 1) * INPUTS);
  const { logits } = await session.run({ x: { dtype: 'float32', dims: [1, INPUTS], data } });
  await session.dispose();
  const z = Array.from(logits?.data as Float32Array);
  return Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[records.labels[record]!]!;
};

describe('the gradient in the last layer', () => {
  it.each(Object.entries(heads))('agrees with central differences of the loss, after %s', async (_, head) => {
    const weights = Array.from(stream(2, 'w').normal(new Float32Array(CLASSES * HIDDEN)));
    const open = new OpenModel({
      model: network(head, weights),
      recordShape: [INPUTS],
      inputs: () => values,
      signal,
    });
    const { deltas, activations, outputs, inputs } = await open.lastLayer(records);
    await open.dispose();
    expect([outputs, inputs]).toEqual([CLASSES, HIDDEN]);
    const step = 0.02;
    for (const [record, c, j] of [
      [0, 0, 1],
      [1, 0, 4],
      [1, 2, 0],
      [2, 2, 3],
      [3, 1, 2],
    ] as const) {
      const moved = (by: number) =>
        lossOf(
          network(
            head,
            weights.map((w, i) => (i === c * HIDDEN + j ? w + by : w)),
          ),
          record,
        );
      const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
      const gradient = deltas[record * CLASSES + c]! * activations[record * HIDDEN + j]!;
      // Float32 logits leave 1e-7 / .04 of a difference, its truncation 1e-4 of the third derivative.
      expect(Math.abs(gradient - difference)).toBeLessThan(2e-4);
      expect(Math.abs(gradient)).toBeGreaterThan(2e-3);
    }
  });

  it('is posterior minus one-hot label, also where the posterior is 1 but for 1e-13', () => {
    const { deltas } = lastLayerOf(
      Float32Array.of(Math.log(1), Math.log(2), Math.log(5), 0, -30, -30),
      new Float32Array(2),
      Int32Array.of(1, 0),
    );
    for (const [i, expected] of [0.125, -0.75, 0.625].entries()) expect(deltas[i]).toBeCloseTo(expected, 6);
    expect(deltas[3]! / (-2 * Math.exp(-30))).toBeCloseTo(1, 6);
    expect(deltas[4]! / Math.exp(-30)).toBeCloseTo(1, 6);
  });
});

describe('withActivations', () => {
  it('leaves the model as it was', () => {
    const model = network(heads.Gemm, new Array(CLASSES * HIDDEN).fill(1));
    const before = model.nodes.length;
    const copy = withActivations(model);
    expect([...model.outputs.keys()]).toEqual(['logits']);
    expect(model.nodes).toHaveLength(before);
    expect([...copy.outputs.keys()]).toHaveLength(2);
  });

  const unsuited: readonly [string, (x: Value) => Value][] = [
    ['an activation', (x) => ops.Relu(nn.dense(x, { name: 'fc', seed: 1, units: 2 }))],
    ['a product of activations', (x) => ops.MatMul(x, ops.Transpose(x, [1, 0]))],
    [
      'a scaled product',
      (x) =>
        ops.Gemm(x, x.graph.initializer('w', float32([INPUTS, 2], new Array(8).fill(1))), undefined, {
          alpha: 2,
        }),
    ],
    [
      'a dense layer over more than one axis',
      (x) => ops.Reshape(nn.dense(ops.Reshape(x, [-1, 2, 2]), { name: 'fc', seed: 1, units: 2 }), [-1, 4]),
    ],
  ];
  it.each(unsuited)('refuses logits that come from %s', (_, head) => {
    const graph = new Graph('net');
    graph.output('logits', head(graph.input('x', 'float32', ['N', INPUTS])));
    expect(() => withActivations(graph)).toThrow(
      expect.objectContaining({ code: 'MLD_ATTACK_UNSUITED', hint: expect.stringContaining('black-box') }),
    );
  });
});
