/** Labels that are none of the classes, wherever batches are read for a loss. */
import { describe, expect, test } from 'vitest';
import { cloudModel, cloudOptions, clouds, rowsSource } from '../../test/train/toy.ts';
import { Graph } from '../graph/graph.ts';
import { dense } from '../nn/layers.ts';
import { crossEntropy } from '../nn/losses.ts';
import { fit } from './fit.ts';
import { lossGraph, meanLoss } from './loss-graph.ts';

/** 23 records, of which the 18th has this label. */
const spoilt = (label: number) => {
  const { labels } = clouds(23, 5);
  const rows = labels.map((_, i) => Array.from({ length: 6 }, (_, j) => Math.sin(i + j)));
  return rowsSource(
    rows,
    labels.map((own, i) => (i === 17 ? label : own)),
  );
};

describe.each([99, 3, -1])('label %i of 3 classes', (label) => {
  const expected = {
    code: 'OG_BAD_ARGUMENT',
    message: expect.stringMatching(`record 17 has label ${label}, .*3 classes`),
  };
  test('is refused in training, with the record however the batches are shuffled', async () => {
    for (const seed of [1, 2])
      await expect(fit({ ...cloudOptions(), seed, data: spoilt(label) })).rejects.toMatchObject(expected);
  });
  test('is refused in validation and in the mean loss', async () => {
    await expect(fit({ ...cloudOptions(), validation: spoilt(label) })).rejects.toMatchObject(expected);
    await expect(meanLoss(cloudModel(), crossEntropy(), spoilt(label))).rejects.toMatchObject(expected);
  });
});

test('who feeds a graph by hand can check too', () => {
  const { checkTarget } = lossGraph(cloudModel(), crossEntropy());
  const all = Uint32Array.from({ length: 23 }, (_, i) => i);
  expect(() => checkTarget(spoilt(5).batch(all).target, all)).toThrow(/record 17 has label 5/);
  checkTarget(spoilt(2).batch(all).target, all);
});

test('a model of one logit has no classes to tell apart', async () => {
  const model = new Graph();
  model.output('y', dense(model.input('x', 'float32', ['N', 6]), { name: 'f', seed: 1, units: 1 }));
  await expect(fit({ ...cloudOptions(), model })).rejects.toMatchObject({
    code: 'OG_BAD_ARGUMENT',
    hint: expect.stringContaining('binaryCrossEntropy'),
  });
});
