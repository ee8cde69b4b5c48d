import { encodeModel, type Graph, predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { everyRecord } from '../../test/models/small-data.ts';
import { createDataset } from '../data/dataset.ts';
import { type ArchitectureName, architecture } from './architectures.ts';
import { batchSource } from './batch-source.ts';
import type { TrainingRecipe } from './recipe.ts';
import { type ModelProgress, type TrainModelOptions, trainModel, untrainedModel } from './train-model.ts';

const SIZE = 40;
const recordShape = [1, 12, 12];
const data = createDataset({
  id: 'noise',
  recordShape,
  x: Uint8Array.from(stream(0, 'x').integers(new Uint32Array(SIZE * 144), 256)),
  y: Int32Array.from(stream(0, 'y').integers(new Uint32Array(SIZE), 3)),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1 / 255, mean: [0.5], std: [0.25] },
});
const records = everyRecord(data).subarray(0, 30);
const recipe: TrainingRecipe = {
  ...{ epochs: 5, batchSize: 5, learningRate: 0.05, momentum: 0.9, weightDecay: 0 },
  milestones: [],
};

const train = async (name: string, changes: Partial<TrainModelOptions> = {}) => {
  const told: ModelProgress[] = [];
  const trained = await trainModel({
    ...{ architecture: name, data, records, recipe, seed: 0 },
    ...{ threads: 1, device: 'cpu', signal: new AbortController().signal },
    progress: (progress) => told.push(progress),
    ...changes,
  });
  return { ...trained, told };
};

const sameFile = (a: Graph, b: Graph) => Buffer.compare(encodeModel(a), encodeModel(b)) === 0;
const expectSameFile = (a: Graph, b: Graph) => expect(sameFile(a, b)).toBe(true);
const expectOtherFile = (a: Graph, b: Graph) => expect(sameFile(a, b)).toBe(false);

/** A forest, and networks without and with running statistics and dropout; that the others learn is in their contract. */
const names: readonly ArchitectureName[] = [
  'logistic-regression',
  'mlp',
  'random-forest',
  'resnet',
  'simple-cnn',
  'wide-mlp',
];

describe.each(names)('trainModel of %s', (name) => {
  it('gives a classifier, its size, and word of its progress', async () => {
    const { model, parameters, losses, steps, told } = await train(name);
    expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...recordShape]]]);
    expect([...model.outputs.keys()]).toEqual(['logits']);
    const logits = await predict(model, batchSource(data, everyRecord(data)));
    expect(logits.dims).toEqual([SIZE, 3]);
    expect((logits.data as Float32Array).some(Number.isNaN)).toBe(false);
    expect(parameters).toBeGreaterThan(100);
    const fractions = told.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    if (architecture(name).trains === 'forest') {
      expect(losses).toEqual([]);
      expect(steps).toBe(100);
      expect(told.map(({ figures }) => figures?.['trees'])).toEqual(
        Array.from({ length: 100 }, (_, i) => i + 1),
      );
    } else {
      expect(losses).toHaveLength(5);
      expect(steps).toBe(30);
      expect(told.map(({ figures }) => figures?.['epoch'])).toEqual([2, 4, 5]);
      // The mean of the last epoch that is over.
      expect(told.map(({ figures }) => figures?.['loss'])).toEqual([losses[0], losses[2], losses[3]]);
    }
  });

  it('gives the same bytes again, and others for another seed or other records', async () => {
    const { model } = await train(name);
    expectSameFile((await train(name)).model, model);
    expectOtherFile((await train(name, { seed: 1 })).model, model);
    expectOtherFile((await train(name, { records: records.subarray(1) })).model, model);
  });

  it('stops when told to', async () => {
    await expect(train(name, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: expect.stringMatching(/^(OG|MLD)_ABORTED$/),
    });
  });

  it('has a model that has learnt nothing', async () => {
    const options = { recordShape, classes: 7, seed: 0 };
    const model = await untrainedModel(architecture(name), options);
    const logits = await predict(model, batchSource(data, records));
    expect(logits.dims).toEqual([30, 7]);
    expectSameFile(await untrainedModel(architecture(name), options), model);
  });
});

describe('trainModel', () => {
  it('lets the recipe matter where it says so, and nowhere else', async () => {
    const changed = { ...recipe, learningRate: recipe.learningRate / 2 };
    for (const name of names) {
      const [one, other] = [await train(name), await train(name, { recipe: changed })];
      if (architecture(name).trains === 'forest') expectSameFile(one.model, other.model);
      else expectOtherFile(one.model, other.model);
    }
    expect((await train('random-forest', { recipe: undefined })).steps).toBe(100);
    await expect(train('mlp', { recipe: undefined })).rejects.toThrow('internal');
  });

  it.each(['mlp', 'resnet', 'wide-mlp'] as const)(
    'goes on from a checkpoint, as %s with all its state',
    async (name) => {
      const whole = await train(name);
      let kept: Uint8Array | undefined;
      const checkpoint = {
        load: async () => kept,
        save: async (bytes: Uint8Array) => {
          kept = bytes;
        },
        seconds: 3600,
      };
      const abort = new AbortController();
      const stopped = train(name, { checkpoint, signal: abort.signal, progress: () => abort.abort() });
      await expect(stopped).rejects.toMatchObject({ code: 'OG_ABORTED' });
      const { model, told } = await train(name, { checkpoint });
      expectSameFile(model, whole.model);
      expect(told[0]).toEqual({ fraction: 10 / 30 });
    },
  );

  it('refuses an architecture nobody knows, and records that do not suit it', async () => {
    await expect(train('forest')).rejects.toMatchObject({ code: 'MLD_USAGE' });
    await expect(
      untrainedModel(architecture('simple-cnn'), { recordShape: [14], classes: 2, seed: 0 }),
    ).rejects.toMatchObject({ code: 'MLD_USAGE' });
  });
});
