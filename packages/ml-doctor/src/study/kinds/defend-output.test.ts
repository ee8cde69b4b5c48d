/** A model with a defence behind it, as tasks hand it on. */
import { decodeModel, encodeModel, Graph, ops } from 'onnx-grad';
import { expect, it } from 'vitest';
import { byHandContext as context, finished } from '../../../test/study/by-hand.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { argmax } from '../../stats/argmax.ts';
import { dataRef } from './data-ref.ts';
import { defendOutput } from './defend-output.ts';
import { query } from './query.ts';
import { fromBytes } from './typed-bytes.ts';

it('is asked as the model is, and says only what the defence shows', async () => {
  const graph = new Graph('ten');
  const x = graph.input('x', 'float32', ['N', 1, 28, 28]);
  // The mean of every tenth pixel from the first, the second and so on.
  const first = ops.Slice(ops.Reshape(x, [-1, 784]), { starts: [0], ends: [780], axes: [1] });
  graph.output('logits', ops.ReduceMean(ops.Reshape(first, [-1, 78, 10]), [1], { keepdims: false }));
  const model = finished({ result: {}, blobs: { 'model.onnx': encodeModel(graph) } });
  const data = dataRef(await loadDataset('fashion-mnist-10k'));
  const params = { data, split: { seed: 1, perRole: 20 }, set: 'candidates' } as const;
  const defended = await defendOutput.run({ output: { shows: 'top-k', k: 2 } }, [model], context);
  expect(defended.result).toEqual({});
  expect([...decodeModel(defended.blobs!['model.onnx']!).outputs.keys()]).toEqual(['logits']);
  const plain = await query.run(params, [model], context);
  const shown = await query.run(params, [finished(defended)], context);
  expect(shown.result).toEqual(plain.result);
  const rows = ({ blobs }: typeof plain) => {
    const logits = fromBytes(Float32Array, blobs!['logits']!);
    return Array.from({ length: 40 }, (_, i) => logits.subarray(10 * i, 10 * i + 10));
  };
  const all = rows(plain);
  rows(shown).forEach((row, i) => {
    expect(argmax(row)).toBe(argmax(all[i]!));
    // Two classes, and one number for all others.
    expect(new Set(row).size).toBe(3);
  });
});
