import { encodeModel, float32, Graph, ops, type Value } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { fixtureData, fixtureModel } from '../../../test/golden/models/read-models.ts';
import { openClassifier } from './classifier.ts';

const open = (bytes: Uint8Array, recordShape = [2]) =>
  openClassifier(bytes, 'theirs.onnx', { recordShape, probe: { values: new Float32Array(0), rows: 0 } });

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({
    name: 'AuditError',
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });

const relu = (change: (graph: Graph, y: Value) => void = () => {}): Uint8Array => {
  const graph = new Graph('small');
  const y = ops.Relu(graph.input('input', 'float32', ['N', 2]));
  graph.output('out', y);
  change(graph, y);
  return encodeModel(graph);
};

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const replaced = (bytes: Uint8Array, from: string, to: string) => {
  expect(text(bytes)).toContain(from);
  return Buffer.from(text(bytes).replaceAll(from, to), 'latin1');
};

describe('what is no usable model', () => {
  it.each([
    ['no bytes', new Uint8Array(0)],
    ['text', Buffer.from('{"model": "here"}')],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['half a file', fixtureModel('torch-cnn').bytes.subarray(0, 20_000)],
  ])('%s', async (_, bytes) => {
    await expect(open(bytes)).rejects.toThrow(refused('MLD_MODEL_UNREADABLE', /'theirs\.onnx': this is no/));
  });

  it('every cut of a file is refused or read, never a crash', async () => {
    const { bytes, expected } = fixtureModel('sklearn-logistic');
    const { data } = fixtureData(expected);
    for (let end = 0; end < bytes.length; end += 37)
      await expect(open(bytes.subarray(0, end), [...data.recordShape])).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^MLD_(MODEL|LIMIT)/) }),
      );
  });

  it('a graph that runs in a circle', async () => {
    const graph = new Graph('circle');
    const x = graph.input('input', 'float32', ['N', 2]);
    const [a] = graph.node('Relu', [x], {}, { outputNames: ['aaaaa'] });
    const [b] = graph.node('Neg', [a as Value], {}, { outputNames: ['bbbbb'] });
    graph.output('out', ops.Abs(b as Value));
    // The first operator now reads what the second makes.
    const bytes = replaced(encodeModel(graph), '\n\x05input\x12\x05aaaaa', '\n\x05bbbbb\x12\x05aaaaa');
    await expect(open(bytes)).rejects.toThrow(refused('MLD_MODEL_UNREADABLE', /cycle/));
  });

  it('operators that onnxruntime does not have, by domain and by name', async () => {
    const strange = (domain: string, op: string) =>
      relu((graph, y) => {
        graph.domains.set(domain, 1);
        const [out] = graph.opaqueNode({
          op,
          domain,
          inputs: [y],
          outputs: [{ name: 'made', dtype: 'float32', shape: ['N', 2] }],
          attributes: [],
        });
        graph.output('out', out as Value);
      });
    await expect(open(strange('com.acme', 'Magic'))).rejects.toThrow(
      refused('MLD_MODEL_UNREADABLE', /Magic.*com\.acme/),
    );
    const probe = { values: Float32Array.of(1, 2), rows: 1 };
    const run = openClassifier(strange('ai.onnx.ml', 'Magic'), 'theirs.onnx', { recordShape: [2], probe });
    await expect(run).rejects.toThrow(refused('MLD_MODEL_UNREADABLE', /onnxruntime refuses the model/));
  });

  it('sizes that no machine holds', async () => {
    const bytes = relu((graph, y) => {
      const wide = ops.Expand(ops.Unsqueeze(y, [2, 3]), [1, 1, 40_000, 40_000]);
      graph.output('out', ops.ReduceMax(wide, [2, 3], { keepdims: false }));
    });
    await expect(open(bytes)).rejects.toThrow(refused('MLD_LIMIT', /40000/));
  });

  it('weights in another file', async () => {
    const graph = new Graph('far');
    const x = graph.input('input', 'float32', ['N', 2]);
    graph.output('out', ops.MatMul(x, graph.initializer('weights', float32([2, 2], [1, 2, 3, 4]))));
    const bytes = Buffer.from(encodeModel(graph));
    // A tensor with data_location (field 14) EXTERNAL in place of 16 bytes of raw data (field 9): the rest is a text.
    const raw = bytes.indexOf(Buffer.from([0x4a, 16]));
    expect(raw).toBeGreaterThan(0);
    bytes.set([0x70, 1, 0x62, 14, ...Buffer.from('in weights.bin')], raw);
    await expect(open(bytes)).rejects.toThrow(refused('MLD_MODEL_UNREADABLE', /another file/));
  });
});
