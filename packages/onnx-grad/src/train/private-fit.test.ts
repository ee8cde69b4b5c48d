/** Private training against clipped gradients found one record at a time, its resumption, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { clippedOneByOne, pictures, residualModel } from '../../test/train/private.ts';
import { bitsOf, cloudModel, clouds } from '../../test/train/toy.ts';
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import type { Tensor } from '../graph/tensor.ts';
import { crossEntropy } from '../nn/losses.ts';
import { replaceBatchNorm } from '../nn/replace-batch-norm.ts';
import { sgd } from '../optim/sgd.ts';
import { stream } from '../random/stream.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { type FitEvent, type FitOptions, type FitPrivacy, fit } from './fit.ts';
import { poissonBatch } from './poisson-batches.ts';

const model = replaceBatchNorm(residualModel());
const seed = 4;

/** With learning rate 1 and no momentum a step is the gradient. */
const options = (privacy: FitPrivacy): FitOptions => ({
  ...{ model, seed, privacy },
  data: pictures(9),
  loss: crossEntropy(),
  optimizer: sgd({ learningRate: 1 }),
  epochs: 1,
  batchSize: 4,
});

/** The model before the first step, and after each. */
const modelsOf = async (given: FitOptions): Promise<{ models: Graph[]; events: FitEvent[] }> => {
  const models = [given.model];
  const events: FitEvent[] = [];
  await fit({
    ...given,
    onEvent: (event) => events.push(event),
    checkpoint: {
      everySteps: 1,
      save: (bytes) => {
        const next = copyGraph(given.model);
        const { state } = decodeCheckpoint(bytes);
        for (const name of next.parameters) next.setInitializer(name, state.get(name) as Tensor);
        models.push(next);
      },
    },
  });
  return { models, events };
};

const weights = (graph: Graph, name: string): Float32Array =>
  (graph.initializers.get(name) as Tensor).data as Float32Array;

/** Every step of a run against its Poisson sample, record by record; how many records were clipped, of how many. */
const checkSteps = async (given: FitOptions, privacy: FitPrivacy): Promise<[number, number]> => {
  const { models } = await modelsOf(given);
  const { clipNorm, noiseMultiplier } = privacy;
  const { data, batchSize, seed: own } = given as FitOptions & { seed: number };
  let [clipped, came] = [0, 0];
  for (let step = 0; step + 1 < models.length; step++) {
    const [before, after] = models.slice(step, step + 2) as [Graph, Graph];
    const sample = poissonBatch(data.size, batchSize, own, step);
    const expected = await clippedOneByOne(before, data, sample, { clipNorm, seed: own, step });
    clipped += expected.clipped;
    came += sample.length;
    expect(expected.gradients.length).toBe(before.parameters.size);
    expected.gradients.forEach(({ name, sum }, k) => {
      const noise = stream(own, 'dp-noise', k, step).noise(new Float32Array(sum.length));
      const [w, v] = [weights(before, name), weights(after, name)];
      const gradient = sum.map((value, j) => value + noiseMultiplier * clipNorm * (noise[j] as number));
      const largest = Math.max(...gradient.map(Math.abs)) / batchSize;
      gradient.forEach((value, j) => {
        const error = Math.abs((w[j] as number) - (v[j] as number) - value / batchSize);
        expect(error, `step ${step + 1}, ${name}[${j}]`).toBeLessThan(2e-6 + 1e-4 * largest);
      });
    });
  }
  return [clipped, came];
};

describe('a private step of a residual network with dropout', () => {
  const cases: readonly FitPrivacy[] = [
    { clipNorm: 4, noiseMultiplier: 0.1 },
    { clipNorm: 0.05, noiseMultiplier: 1.1, microBatch: 4 },
    { clipNorm: 4, noiseMultiplier: 0.1, microBatch: 3 },
    { clipNorm: 4, noiseMultiplier: 0.1, microBatch: 1 },
  ];
  test.each(cases)('clips over all parameters, sums, adds noise once, divides: %o', async (privacy) => {
    const [clipped, came] = await checkSteps(options(privacy), privacy);
    expect(came).toBeGreaterThan(6);
    expect(clipped).toBeGreaterThan(0);
    if (privacy.clipNorm === 4) expect(clipped, 'some are not clipped').toBeLessThan(came);
  });

  test('without noise or a clip that is reached it is the plain gradient of the sample over the expected number', async () => {
    const privacy = { clipNorm: 1e6, noiseMultiplier: 0 };
    const [clipped, came] = await checkSteps(options(privacy), privacy);
    expect(clipped).toBe(0);
    expect(came % 4, 'not the expected number').not.toBe(0);
  });
});

/** Steps whose sample is empty are some of these: 1 of 3 records is expected. */
const sparse = (privacy: FitPrivacy): FitOptions => ({
  ...options(privacy),
  data: pictures(3),
  batchSize: 1,
  epochs: 2,
});

describe('an empty sample', () => {
  test('makes a step of noise alone, and no part of the mean loss', async () => {
    const privacy = { clipNorm: 1, noiseMultiplier: 0.01 };
    const sizes = [0, 1, 2, 3, 4, 5].map((step) => poissonBatch(3, 1, seed, step).length);
    expect(sizes).toContain(0);
    expect(Math.max(...sizes)).toBeGreaterThan(0);
    await checkSteps(sparse(privacy), privacy);
    const { events } = await modelsOf(sparse(privacy));
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses.map((loss) => loss === 0)).toEqual(sizes.map((size) => size === 0));
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.loss] : []));
    epochs.forEach((loss, epoch) => {
      const at = [0, 1, 2].map((i) => 3 * epoch + i);
      const came = at.reduce((sum, i) => sum + (sizes[i] as number), 0);
      const total = at.reduce((sum, i) => sum + (sizes[i] as number) * (losses[i] as number), 0);
      expect(loss).toBeCloseTo(came > 0 ? total / came : 0, 6);
    });
  });

  test('moves nothing where there is no noise', async () => {
    const { models } = await modelsOf(sparse({ clipNorm: 1, noiseMultiplier: 0 }));
    const still = models.slice(1).map((after, step) => {
      const before = models[step] as Graph;
      return [...model.parameters].every((name) =>
        weights(before, name).every((w, j) => w === weights(after, name)[j]),
      );
    });
    expect(still).toEqual(still.map((_, step) => poissonBatch(3, 1, seed, step).length === 0));
  });
});

describe('a private run', () => {
  const run = (): FitOptions => ({
    ...options({ clipNorm: 1, noiseMultiplier: 0.8, microBatch: 3 }),
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3 }),
    epochs: 2,
  });

  test('resumed from any step ends with the same bits; one with other privacy is refused', async () => {
    const saved: Uint8Array[] = [];
    const checkpoint = { everySteps: 1, save: (bytes: Uint8Array) => void saved.push(bytes) };
    const result = await fit({ ...run(), checkpoint });
    expect(saved.length).toBe(6);
    for (const resume of saved) expect(bitsOf(await fit({ ...run(), resume }))).toBe(bitsOf(result));
    const resume = saved[2] as Uint8Array;
    const { privacy: own, ...plain } = run();
    for (const change of [{ clipNorm: 2 }, { noiseMultiplier: 0.9 }, { microBatch: 4 }])
      await expect(
        fit({ ...run(), privacy: { ...(own as FitPrivacy), ...change }, resume }),
      ).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
    await expect(fit({ ...plain, resume })).rejects.toMatchObject({ code: 'OG_CHECKPOINT' });
  });

  test('says what an accountant must know; a plain one says nothing', async () => {
    const result = await fit(run());
    expect(result.privacy).toEqual({ sampleRate: 4 / 9, noiseMultiplier: 0.8, clipNorm: 1, steps: 6 });
    const { privacy: _, ...plain } = run();
    expect(await fit(plain)).not.toHaveProperty('privacy');
  });

  const refused: readonly [string, Partial<FitOptions>, RegExp][] = [
    ['a batch larger than the data', { batchSize: 10 }, /batchSize is 10 with 9 records/],
    ['dropLast', { dropLast: true }, /no last batch/],
    ['validation', { validation: pictures(3) }, /validation/],
    ['early stopping', { validation: pictures(3), earlyStopping: { patience: 1 } }, /validation/],
    [
      'no records at once',
      { privacy: { clipNorm: 1, noiseMultiplier: 1, microBatch: 0 } },
      /microBatch is 0/,
    ],
    ['a clip of 0', { privacy: { clipNorm: 0, noiseMultiplier: 1 } }, /clipNorm is 0/],
    ['negative noise', { privacy: { clipNorm: 1, noiseMultiplier: -1 } }, /noiseMultiplier is -1/],
  ];
  test.each(refused)('refuses %s', async (_, change, message) => {
    const error = await fit({ ...run(), ...change }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'OG_BAD_ARGUMENT' });
    expect((error as Error).message).toMatch(message);
  });

  test('refuses batch normalisation, and names what replaces it', async () => {
    const given = { ...run(), model: cloudModel(), data: clouds(9, 1) };
    await expect(fit(given)).rejects.toMatchObject({
      code: 'OG_NO_PER_EXAMPLE',
      message: expect.stringContaining('BatchNormalization'),
      hint: expect.stringContaining('replaceBatchNorm'),
    });
    const { steps } = await fit({ ...given, model: replaceBatchNorm(cloudModel()) });
    expect(steps).toBe(6);
  });
});
