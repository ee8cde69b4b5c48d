/** Running models over many records, and counting how often they are right. */
import { describe, expect, test } from 'vitest';
import { cloudModel, clouds, rowsSource } from '../../test/train/toy.ts';
import { Graph } from '../graph/graph.ts';
import { ArgMax, Cast, ReduceSum, Reshape } from '../graph/ops/index.ts';
import { float32 } from '../graph/tensor.ts';
import { createSession } from '../runtime/session.ts';
import { accuracy, predict } from './predict.ts';

describe('predict', () => {
  const data = clouds(23, 4);

  test('gives the same rows for every batch size, in the order of the records', async () => {
    const model = cloudModel();
    const whole = await predict(model, data);
    expect(whole.dims).toEqual([23, 3]);
    const each = data.batch(Uint32Array.of(7)).inputs['x'];
    const session = await createSession(model);
    const one = await session.run({ x: each as never });
    expect(one['logits']?.data).toEqual((whole.data as Float32Array).slice(21, 24));
    for (const batchSize of [1, 2, 5, 22, 23, 100])
      expect(await predict(session, data, { batchSize }), `${batchSize}`).toEqual(whole);
    // A session that was passed in is not closed.
    await session.run({ x: each as never });
    await session.dispose();
  });

  test('keeps the shape of an output, reads float64, and takes the output asked for', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 6]);
    graph.output('square', Reshape(x, [-1, 2, 3]));
    graph.output('double', Cast(x, 'float64'));
    graph.output('sums', ReduceSum(x, [1], { keepdims: false }));
    const rows = [[1, 2, 3, 4, 5, 6.5]];
    const source = rowsSource(rows, [0]);
    expect(await predict(graph, source)).toEqual(float32([1, 2, 3], rows.flat()));
    expect(await predict(graph, source, { output: 'double' })).toEqual(float32([1, 6], rows.flat()));
    expect(await predict(graph, source, { output: 'sums' })).toEqual(float32([1], [21.5]));
  });

  test('says what is wrong with an output or a batch size', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 6]);
    graph.output('label', ArgMax(x, { axis: 1, keepdims: 0 }));
    graph.output('total', ReduceSum(x, [0]));
    const code = expect.objectContaining({ code: 'OG_BAD_ARGUMENT' });
    await expect(predict(graph, data)).rejects.toThrow(/'label' is int64/);
    await expect(predict(graph, data, { output: 'total' })).rejects.toThrow(/'total' has shape \[1, 6\]/);
    await expect(predict(graph, data, { output: 'logits' })).rejects.toThrow(code);
    for (const batchSize of [0, -1, 2.5, Number.NaN])
      await expect(predict(cloudModel(), data, { batchSize })).rejects.toThrow(code);
  });

  test('stops when aborted', async () => {
    const run = predict(cloudModel(), data, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });
});

describe('accuracy', () => {
  test('the first among equals counts', () => {
    const outputs = float32([4, 3], [1, 1, 0, 0, 1, 1, 2, 2, 2, 0, 0, 1]);
    expect(accuracy(outputs, [0, 1, 0, 2])).toBe(1);
    expect(accuracy(outputs, [1, 2, 1, 2])).toBe(0.25);
  });

  test('a row of NaN is never right', () => {
    const outputs = float32([2, 2], [Number.NaN, Number.NaN, Number.NaN, 1]);
    expect(accuracy(outputs, [0, 0])).toBe(0);
  });

  test('outputs and labels must go together', () => {
    for (const [dims, labels] of [
      [[2, 2], [0]],
      [[4], [0, 0, 0, 0]],
    ] as const)
      expect(() => accuracy(float32(dims, [1, 2, 3, 4]), labels)).toThrow(
        expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }),
      );
    // A label no class has is an error of the model's, not a match with nothing.
    expect(accuracy(float32([2, 2], [1, 2, 3, 4]), [2, -1])).toBe(0);
  });
});
