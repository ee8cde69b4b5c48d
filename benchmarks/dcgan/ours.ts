/** Our side: the function that the product trains generators with. */
import { stream, type Tensor } from 'onnx-grad';
import {
  type AuxiliaryData,
  discriminatorView,
} from '../../packages/ml-doctor/src/generators/auxiliary-data.ts';
import type { Generator } from '../../packages/ml-doctor/src/generators/generator.ts';
import { untrainedPair } from '../../packages/ml-doctor/src/generators/networks.ts';
import {
  type TrainedGenerator,
  trainGenerator,
} from '../../packages/ml-doctor/src/generators/train-generator.ts';
import { recipeOf, type Size } from './size.ts';

export const seed = 1;
const shape = [3, 32, 32] as const;
const length = shape.reduce((a, b) => a * b, 1);

/** Noise in [−1, 1]: what the pictures show does not change what a step costs. */
export const noise = (records: number): AuxiliaryData => ({
  recordShape: shape,
  bounds: { low: new Float32Array(length).fill(-1), high: new Float32Array(length).fill(1) },
  oneHot: [],
  features: 'image',
  values: stream(seed, 'benchmark', 'pictures')
    .uniform(new Float32Array(records * length))
    .map((value) => 2 * value - 1),
  count: records,
});

const train = (
  size: Size,
  data: AuxiliaryData,
  epochs: number,
  progress: (fraction: number) => void,
): Promise<TrainedGenerator> =>
  trainGenerator({
    ...{ recipe: recipeOf(size, epochs), data, classes: 10, seed, threads: 1, device: 'cpu' },
    ...{ signal: new AbortController().signal, progress: ({ fraction }) => progress(fraction) },
  });

/** Building the graph and loading it are over at the first sign of progress. */
const EPOCHS = 2;

/** Seconds of an epoch, between the first and the last sign of progress of a training of two. */
export const secondsOfEpoch = async (size: Size, data: AuxiliaryData): Promise<number> => {
  const signs: { readonly fraction: number; readonly at: number }[] = [];
  await train(size, data, EPOCHS, (fraction) => signs.push({ fraction, at: performance.now() }));
  const [first, last] = [signs[0], signs.at(-1)];
  if (!first || !last || !(last.fraction > first.fraction))
    throw new Error('the training is too short: it gave no two signs of progress');
  return (last.at - first.at) / 1000 / (last.fraction - first.fraction) / EPOCHS;
};

type Tensors = Record<string, Tensor>;

const held = ({ generator, discriminator }: Generator): Tensors =>
  Object.fromEntries(
    [generator, discriminator].flatMap((network) =>
      [...network.initializers].filter(([name]) => /^[gd]\./.test(name)),
    ),
  );

/** Parameters and running statistics before any step. */
export const untrained = (size: Size, data: AuxiliaryData): Tensors => {
  const { latent, width } = recipeOf(size, 1);
  return held(untrainedPair({ space: data, view: discriminatorView(data), latent, width, seed }));
};

/** The latent vectors of a training's first step. */
export const firstLatent = (size: Size): Tensor => {
  const { latent, batchSize } = recipeOf(size, 1);
  const data = stream(seed, 'latent', 0).normal(new Float32Array(batchSize * latent));
  return { dtype: 'float32', dims: [batchSize, latent], data };
};

/** Losses of one step on the first batch, and everything the networks hold after it. */
export const oneStep = async (size: Size, data: AuxiliaryData): Promise<Tensors> => {
  const first = {
    ...data,
    values: data.values.subarray(0, size.batchSize * length),
    count: size.batchSize,
  };
  const { networks, generatorLosses, discriminatorLosses } = await train(size, first, 1, () => {});
  const scalar = (values: readonly number[]): Tensor => ({
    ...{ dtype: 'float32', dims: [], data: Float32Array.from(values) },
  });
  return {
    ...held(networks),
    'loss.generator': scalar(generatorLosses),
    'loss.discriminator': scalar(discriminatorLosses),
  };
};
