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
): Record<string, Tensor> => ({
  [training.weights]: float32([records], new Float32Array(records).fill(1 / records)),
  ...scalarFeeds(optimizer, step, learningRate),
  ...maskFeeds(training, { rows: records, step, seed }),
});

export const scalarFeeds = (
  optimizer: Optimizer,
  step: number,
  learningRate: number,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(optimizer.scalarsAt(step + 1, learningRate)).map(([name, value]) => [
      scalarInput(name),
      scalar(value),
    ]),
  );

/** Dropout's masks for some rows of a step's batch; row i has the same whichever are asked for. */
export const maskFeeds = (
  { masks }: Pick<TrainingStep, 'masks'>,
  {
    rows,
    step,
    seed,
    first = 0,
  }: { readonly rows: number; readonly step: number; readonly seed: Seed; readonly first?: number },
): Record<string, Tensor> =>
  Object.fromEntries(
    masks.map(({ input, keep, shape }, layer) => {
      const dims = [rows, ...shape];
      const mask = new Float32Array(elementCount(dims));
      const scale = keep > 0 ? 1 / keep : 0;
      stream(seed, 'dropout', layer, step).bernoulli(mask, keep, scale, first * elementCount(shape));
      return [input, float32(dims, mask)];
    }),
  );
