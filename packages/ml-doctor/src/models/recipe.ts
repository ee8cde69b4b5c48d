/** How a classifier is trained, as plain data that enters a task's key. */
import { type Device, type FitEvent, fit, type Graph, losses, multiStep, sgd } from 'onnx-grad';
import type { Dataset } from '../data/dataset.ts';
import { batchSource } from './batch-source.ts';

/** SGD with momentum and weight decay; the learning rate falls tenfold at each milestone. */
export type TrainingRecipe = {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Epochs, counted from 0, at which the learning rate is multiplied by .1. */
  readonly milestones: readonly number[];
};

/**
 * ML-Doctor's training (Liu et al. 2022): batch 64, momentum .9, weight decay 5e-4, learning rate .01 for 50 epochs,
 * .001 until epoch 100, .0001 from then on. The paper trains for 300 epochs.
 */
export const mlDoctorRecipe = (epochs: number): TrainingRecipe => ({
  epochs,
  batchSize: 64,
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  milestones: [50, 100],
});

export interface TrainOptions {
  readonly model: Graph;
  readonly data: Dataset;
  /** Indices of the training records. */
  readonly records: Uint32Array;
  readonly recipe: TrainingRecipe;
  readonly seed: number;
  readonly threads: number;
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly onEvent: (event: FitEvent) => void;
}

/** A classifier trained on some records of a data set with cross-entropy. */
export const trainClassifier = async (options: TrainOptions) => {
  const { recipe } = options;
  return fit({
    model: options.model,
    loss: losses.crossEntropy(),
    optimizer: sgd({
      learningRate: recipe.learningRate,
      momentum: recipe.momentum,
      weightDecay: recipe.weightDecay,
    }),
    schedule: multiStep(recipe.milestones),
    data: batchSource(options.data, options.records),
    epochs: recipe.epochs,
    batchSize: recipe.batchSize,
    seed: options.seed,
    session: { threads: options.threads, device: options.device },
    signal: options.signal,
    onEvent: options.onEvent,
  });
};
