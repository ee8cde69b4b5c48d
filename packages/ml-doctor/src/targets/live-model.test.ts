import { float32, Graph, ops } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { OpenModel } from './live-model.ts';

/** h = 2 x, logits = h W / 2 for records of shape [2, 1], W = [[1, 10, 100], [2, 20, 200]]. */
const model = () => {
  const graph = new Graph('linear');
  const x = ops.Reshape(graph.input('x', 'float32', ['N', 2, 1]), [-1, 2]);
  const inner = ops.MatMul(x, graph.initializer('inner.weight', float32([2, 2], [2, 0, 0, 2])));
  const w = graph.initializer('w', float32([2, 3], [0.5, 5, 50, 1, 10, 100]));
  graph.output('logits', ops.MatMul(inner, w));
  return graph;
};

const open = (inputs = (rows: number) => new Float32Array(2 * rows), signal = new AbortController().signal) =>
  new OpenModel({ model: model(), recordShape: [2, 1], inputs: ({ ids }) => inputs(ids.length), signal });

describe('OpenModel', () => {
  it('answers inputs of any number, in their order', async () => {
    const live = open();
    // More than one run, the last one short.
    const rows = 600;
    const values = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 1 : i / 2));
    const { logits, classes } = await live.answers({ values, rows });
    await live.dispose();
    expect(classes).toBe(3);
    expect(logits).toHaveLength(3 * rows);
    for (let i = 0; i < rows; i++)
      expect([...logits.subarray(3 * i, 3 * i + 3)]).toEqual([i + 2, 10 * i + 20, 100 * i + 200]);
  });

  it('tells what the last layer receives of records', async () => {
    const values = Float32Array.of(1, 2, 3, 4);
    const live = open(() => values);
    const found = await live.lastLayer({ ids: Uint32Array.of(9, 4), labels: Int32Array.of(0, 2) });
    await live.dispose();
    expect(found).toMatchObject({ activations: values.map((v) => 2 * v), outputs: 3, inputs: 2 });
    // Logits 5, 50, 500: all of the posterior is at the last.
    expect([...found.deltas].map((v) => Math.round(v) + 0)).toEqual([-1, 0, 1, 0, 0, 0]);
  });

  it('tells what a layer makes of records, a few hundred at a time', async () => {
    const rows = 600;
    const asked: number[][] = [];
    const inputs = ({ ids, labels }: { readonly ids: Uint32Array; readonly labels: Int32Array }) => {
      expect([...labels]).toEqual(Array.from(ids, (id) => id % 3));
      asked.push([ids.length, ids[0]!]);
      return Float32Array.from([...ids].flatMap((id) => [id, 1]));
    };
    const live = new OpenModel({
      ...{ model: model(), recordShape: [2, 1], inputs },
      signal: new AbortController().signal,
    });
    const ids = Uint32Array.from({ length: rows }, (_, i) => rows - i);
    const records = { ids, labels: Int32Array.from(ids, (id) => id % 3) };
    const inner = await live.embeddings(records);
    expect(asked).toEqual([
      [256, 600],
      [256, 344],
      [88, 88],
    ]);
    expect(inner).toMatchObject({ width: 2, layer: expect.stringMatching(/^MatMul/) });
    expect(inner.values).toEqual(Float32Array.from([...ids].flatMap((id) => [2 * id, 2])));
    const outer = await live.embeddings(records, 'logits');
    await live.dispose();
    expect(outer).toMatchObject({ width: 3, layer: 'logits' });
    expect(outer.values).toEqual(
      Float32Array.from([...ids].flatMap((id) => [id + 2, 10 * id + 20, 100 * id + 200])),
    );
  });

  it('keeps an unknown layer apart from those it has', async () => {
    const live = open();
    const one = { ids: Uint32Array.of(1), labels: Int32Array.of(0) };
    await expect(live.embeddings(one, 'fc3')).rejects.toMatchObject({ code: 'MLD_LAYER_UNKNOWN' });
    expect((await live.embeddings(one)).width).toBe(2);
    await live.dispose();
    await expect(live.embeddings(one)).rejects.toMatchObject({ code: 'OG_RUNTIME_FAILED' });
  });

  it('refuses a layer that turns out not to have a row per record', async () => {
    const graph = new Graph('net');
    const x = graph.input('x', 'float32', ['N', 2]);
    const [first] = graph.opaqueNode({
      ...{
        op: 'Compress',
        domain: '',
        inputs: [x, graph.constant({ dtype: 'bool', dims: [1], data: Uint8Array.of(1) })],
      },
      ...{ attributes: [], outputs: [{ name: 'first', dtype: 'float32', shape: undefined }] },
    });
    graph.output('logits', ops.MatMul(x, graph.initializer('w', float32([2, 2], [1, 2, 3, 4]))));
    graph.output('beside', first!);
    const live = new OpenModel({
      ...{ model: graph, recordShape: [2], inputs: ({ ids }) => new Float32Array(2 * ids.length) },
      signal: new AbortController().signal,
    });
    const three = { ids: new Uint32Array(3), labels: new Int32Array(3) };
    await expect(live.embeddings(three, 'first')).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringMatching(/3 records .*shape \[1\]/),
    });
    await live.dispose();
  });

  it('has nothing to say about nothing, and refuses inputs of another width', async () => {
    const live = open();
    expect((await live.answers({ values: new Float32Array(0), rows: 0 })).logits).toHaveLength(0);
    const none = { ids: new Uint32Array(0), labels: new Int32Array(0) };
    expect(await live.embeddings(none)).toMatchObject({ values: new Float32Array(0), width: 0 });
    await expect(live.answers({ values: new Float32Array(5), rows: 2 })).rejects.toThrow(/internal/);
    await live.dispose();
  });

  it('stops between two runs', async () => {
    const abort = new AbortController();
    const live = open(undefined, abort.signal);
    const running = live.answers({ values: new Float32Array(2 * 5000), rows: 5000 });
    const records = { ids: new Uint32Array(5000), labels: new Int32Array(5000) };
    const embedding = live.embeddings(records);
    abort.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect(embedding).rejects.toMatchObject({ name: 'AbortError' });
    await live.dispose();
  });

  it('can be closed unused, and answers no more when closed', async () => {
    await open().dispose();
    const live = open();
    const one = { values: Float32Array.of(1, 1), rows: 1 };
    await live.answers(one);
    await live.dispose();
    await expect(live.answers(one)).rejects.toMatchObject({ code: 'OG_RUNTIME_FAILED' });
  });
});
