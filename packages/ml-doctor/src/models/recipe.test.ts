import { createHash } from 'node:crypto';
import { type Graph, stream } from 'onnx-grad';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { batch, createDataset } from '../data/dataset.ts';
import { mlp } from './architectures/mlp.ts';
import { batchSource } from './batch-source.ts';
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

const weightOf = (model: Graph, name: string) => model.initializers.get(name)!.data as Float32Array;

const weightsOf = (model: Graph): string => {
  const hash = createHash('sha256');
  for (const name of model.parameters) hash.update(model.initializers.get(name)?.data as Float32Array);
  return hash.digest('hex');
};

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
    return { weights: weightsOf(model), losses, steps };
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
      { optimizer: 'adam' },
      { learningRateDecay: 0.01 },
    ] as const;
    for (const change of changes) expect((await train(change)).weights).not.toBe(base.weights);
    const adam = await train({ optimizer: 'adam' });
    expect((await train({ optimizer: 'adam', weightDecay: 5e-2 })).weights).not.toBe(adam.weights);
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

  it('divides the learning rate of step t, counted from 0, by 1 + t times its decay', async () => {
    const one = { batchSize: records.length, momentum: 0 };
    // One step an epoch: the second is made at a tenth of the rate, as after a milestone.
    const decayed = await train({ ...one, learningRateDecay: 9 });
    expect(decayed).toEqual(await train({ ...one, milestones: [1] }));
    expect((await train({ ...one, learningRateDecay: 9, optimizer: 'adam' })).weights).not.toBe(
      decayed.weights,
    );
    // A milestone on top of it: half of a tenth.
    expect(await train({ ...one, learningRateDecay: 1, milestones: [1] })).toEqual(
      await train({ ...one, learningRateDecay: 19 }),
    );
  });

  it('moves every weight by the learning rate in the first step of Adam', async () => {
    const start = mlp.build({ recordShape: data.recordShape, classes: 3, seed: 1 });
    const before = new Map(
      Array.from(start.parameters, (name) => [name, Float32Array.from(weightOf(start, name))] as const),
    );
    const { model } = await trainClassifier({
      ...{ model: start, data, records, seed: 1, threads: 1, device: 'cpu', onEvent: () => {} },
      recipe: {
        ...plain,
        ...{ optimizer: 'adam', epochs: 1, batchSize: records.length, learningRate: 1e-3, weightDecay: 0 },
      },
      signal: new AbortController().signal,
    });
    const moved = [...model.parameters].flatMap((name) => {
      const after = weightOf(model, name);
      return Array.from(before.get(name)!, (value, i) => Math.abs(after[i]! - value));
    });
    // m / √v is the sign of the gradient but for ε; of a unit that is off there is none.
    const learnt = moved.filter((step) => step > 0);
    expect(learnt.length).toBeGreaterThan(moved.length / 4);
    expect(Math.max(...learnt)).toBeLessThan(1.001e-3);
    expect(learnt.filter((step) => step > 0.99e-3).length).toBeGreaterThan(0.9 * learnt.length);
  });

  it('adds the noise of a private training to either optimiser', async () => {
    const privately = (changes: Partial<TrainingRecipe>) =>
      trainClassifier({
        model: mlp.build({ recordShape: data.recordShape, classes: 3, seed: 1 }),
        ...{ data, records, seed: 1, threads: 1, device: 'cpu', onEvent: () => {} },
        recipe: { ...plain, ...changes },
        privacy: { clipNorm: 1, noiseMultiplier: 1 },
        signal: new AbortController().signal,
      });
    const [sgd, adam] = [await privately({}), await privately({ optimizer: 'adam' })];
    expect(adam.privacy).toEqual(sgd.privacy);
    expect(weightsOf(adam.model)).not.toBe(weightsOf(sgd.model));
    expect(weightsOf(adam.model)).not.toBe((await train({ optimizer: 'adam' })).weights);
  });

  describe('with a checkpoint', () => {
    const recipe = { ...plain, epochs: 4 };
    const stepsInAll = 4 * Math.ceil(records.length / 5);

    /** Trains with what was saved before; `onStep` is told the steps done. */
    const run = async (
      saved: Uint8Array | undefined,
      { seconds = 3600, seed = 1, onStep = (_: number) => {}, signal = new AbortController().signal },
    ) => {
      const resumedAt: number[] = [];
      const steps: number[] = [];
      const savedAt: number[] = [];
      let kept = saved;
      const training = trainClassifier({
        model: mlp.build({ recordShape: data.recordShape, classes: 3, seed: 1 }),
        ...{ data, records, recipe, seed, threads: 1, device: 'cpu', signal },
        checkpoint: {
          load: async () => kept,
          save: async (bytes) => {
            kept = bytes;
            savedAt.push(steps.at(-1) ?? 0);
          },
          seconds,
        },
        onEvent: (event) => {
          if (event.type === 'start') resumedAt.push(event.resumedAt);
          if (event.type !== 'step') return;
          steps.push(event.step);
          onStep(event.step);
        },
      });
      const result = await training.then(
        ({ model }) => weightsOf(model),
        (error: unknown) => error,
      );
      return { result, resumedAt, steps, savedAt, kept: kept as Uint8Array };
    };

    it('saves when so many seconds have passed since the last time', async () => {
      const now = vi.spyOn(performance, 'now');
      onTestFinished(() => now.mockRestore());
      const clock = (seconds: number) => {
        now.mockReturnValue(1e6);
        return run(undefined, { seconds, onStep: (step) => now.mockReturnValue(1e6 + 10_000 * step) });
      };
      expect((await clock(30)).savedAt).toEqual([3, 6, 9, 12]);
      expect((await clock(30.1)).savedAt).toEqual([4, 8, 12]);
      expect((await clock(50)).savedAt).toEqual([5, 10]);
      expect((await clock(121)).savedAt).toEqual([]);
      expect((await clock(0)).savedAt).toHaveLength(stepsInAll);
    });

    it('saves when stopped, wherever that is, and goes on from there to the same bits', async () => {
      const whole = await run(undefined, {});
      for (let stop = 1; stop < stepsInAll; stop += 1) {
        const abort = new AbortController();
        const onStep = (step: number) => step === stop && abort.abort();
        const first = await run(undefined, { onStep, signal: abort.signal });
        expect(first).toMatchObject({ result: { code: 'OG_ABORTED' }, savedAt: [stop] });
        const second = await run(first.kept, {});
        expect(second.steps[0]).toBe(stop + 1);
        expect(second.result).toEqual(whole.result);
      }
    });

    it('starts anew where it is of another training or damaged; other errors stay errors', async () => {
      const whole = await run(undefined, { seconds: 0 });
      const other = await run(undefined, { seconds: 0, seed: 2 });
      for (const foreign of [other.kept, whole.kept.subarray(0, 100)]) {
        const { result, steps } = await run(foreign, {});
        expect(steps).toHaveLength(stepsInAll);
        expect(result).toEqual(whole.result);
      }
      const abort = new AbortController();
      const onStep = (step: number) => step === 4 && abort.abort();
      const { kept } = await run(undefined, { onStep, signal: abort.signal });
      expect(await run(kept, { signal: abort.signal })).toMatchObject({
        result: { code: 'OG_ABORTED' },
        resumedAt: [4],
      });
    });
  });

  it('learns labels by heart', async () => {
    const { losses } = await train({ epochs: 150, weightDecay: 0 });
    expect(losses.at(-1)).toBeLessThan(0.05);
    expect(losses[0]).toBeGreaterThan(0.8);
  });
});
