/** What a training step is fed besides the records and the state: their weights, the optimiser's scalars, the masks. */
import { elementCount, float32, scalar, type Tensor } from '../graph/tensor.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';
import { scalarInput, type TrainingStep } from './training-step.ts';

export interface StepPlace {
  /** Records in the batch. */
  readonly records: number;
  /** Steps done before this one. */
  readonly step: number;
  readonly learningRate: number;
  readonly seed: Seed;
}

/** Each record weighs 1 / records, so that the step descends along the batch mean of the loss. */
export const stepFeeds = (
  training: TrainingStep,
  optimizer: Optimizer,
  { records, step, learningRate, seed }: StepPlace,
): Record<string, Tensor> => {
  const feeds: Record<string, Tensor> = {
    [training.weights]: float32([records], new Float32Array(records).fill(1 / records)),
  };
  for (const [name, value] of Object.entries(optimizer.scalarsAt(step + 1, learningRate)))
    feeds[scalarInput(name)] = scalar(value);
  training.masks.forEach(({ input, keep, shape }, layer) => {
    const dims = [records, ...shape];
    const mask = new Float32Array(elementCount(dims));
    stream(seed, 'dropout', layer, step).bernoulli(mask, keep, keep > 0 ? 1 / keep : 0);
    feeds[input] = float32(dims, mask);
  });
  return feeds;
};
