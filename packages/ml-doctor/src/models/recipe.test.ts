import { createHash } from 'node:crypto';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { batch, createDataset } from '../data/dataset.ts';
import { batchSource } from './batch-source.ts';
import { mlp } from './mlp.ts';
import { mlDoctorRecipe, type TrainingRecipe, trainClassifier } from './recipe.ts';

const data = createDataset({
  id: 'noise',
  recordShape: [2, 3],
  x: Uint8Array.from(stream(0, 'x').integers(new Uint32Array(40 * 6), 256)),
  y: Int32Array.from(stream(0, 'y').integers(new Uint32Array(40), 3)),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1 / 255, mean: [0.5, 0.25], std: [0.5, 2] },
});
const records = Uint32Array.of(5, 39, 0, 17, 5, 22, 8, 30, 11, 2, 3, 4);

describe('batchSource', () => {
  it('gives position i the record records[i], normalised, with its label', () => {
    const source = batchSource(data, records);
    expect(source.size).toBe(records.length);
    const { inputs, target } = source.batch(Uint32Array.of(3, 0, 4));
    const expected = batch(data, [17, 5, 5]);
    expect(inputs).toEqual({ x: { dtype: 'float32', dims: [3, 2, 3], data: expected.x } });
    expect(target).toEqual({
      dtype: 'int64',
      dims: [3],
      data: BigInt64Array.from([17, 5, 5], (id) => BigInt(data.y[id]!)),
    });
    // One value by hand: second channel, first column, of record 17.
    expect((inputs.x!.data as Float32Array)[3]).toBeCloseTo((data.x[17 * 6 + 3]! / 255 - 0.25) / 2, 6);
  });
});

describe('mlDoctorRecipe', () => {
  it('is the published one', () => {
    expect(mlDoctorRecipe(300)).toEqual({
      epochs: 300,
      batchSize: 64,
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 5e-4,
      milestones: [50, 100],
    });
  });
});

describe('trainClassifier', () => {
  const plain: TrainingRecipe = {
    epochs: 2,
    batchSize: 5,
    learningRate: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    milestones: [],
  };
  const train = async (changes: Partial<TrainingRecipe>, seed = 1) => {
    const losses: number[] = [];
    const { model, steps } = await trainClassifier({
      model: mlp.build({ recordShape: data.recordShape, classes: 3, seed: 1 }),
      data,
      records,
      recipe: { ...plain, ...changes },
      seed,
      threads: 1,
      device: 'cpu',
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type === 'epoch') losses.push(event.loss);
      },
    });
    const hash = createHash('sha256');
    for (const name of model.parameters) hash.update(model.initializers.get(name)?.data as Float32Array);
    return { weights: hash.digest('hex'), losses, steps };
  };

  it('lets every part of the recipe and the seed have its effect', async () => {
    const base = await train({});
    expect(base.steps).toBe(2 * Math.ceil(records.length / 5));
    expect(await train({})).toEqual(base);
    const changes = [
      { epochs: 3 },
      { batchSize: 6 },
      { learningRate: 0.04 },
      { momentum: 0.8 },
      { weightDecay: 5e-2 },
      { milestones: [1] },
    ];
    for (const change of changes) expect((await train(change)).weights).not.toBe(base.weights);
    expect((await train({}, 2)).weights).not.toBe(base.weights);
  });

  it('divides the learning rate by ten at each milestone, counting epochs from 0', async () => {
    const slow = await train({ learningRate: 0.0005 });
    expect(await train({ learningRate: 0.05, milestones: [0, 0] })).toEqual(slow);
    expect(await train({ learningRate: 0.0005, milestones: [2] })).toEqual(slow);
    // The first epoch is untouched by a milestone at 1; its mean loss shows that.
    const late = await train({ milestones: [1] });
    expect(late.losses[0]).toBe((await train({})).losses[0]);
  });

  it('learns labels by heart', async () => {
    const { losses } = await train({ epochs: 150, weightDecay: 0 });
    expect(losses.at(-1)).toBeLessThan(0.05);
    expect(losses[0]).toBeGreaterThan(0.8);
  });
});
