/** How a classifier is trained, as plain data that enters a task's key. */
import {
  type Device,
  type FitEvent,
  fit,
  type Graph,
  losses,
  multiStep,
  OnnxGradError,
  sgd,
} from 'onnx-grad';
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
  readonly checkpoint?: TrainingCheckpoint;
}

/** The state of a training that is not over. */
export interface TrainingCheckpoint {
  /** What was saved last; undefined when there is nothing. */
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
  /** Of training between two checkpoints. */
  readonly seconds: number;
}

/**
 * A classifier trained on some records of a data set with cross-entropy. It goes on from the checkpoint, to the bits of
 * a training that was never interrupted; one that belongs to another training is no help, and is ignored.
 */
export const trainClassifier = async (options: TrainOptions) => {
  const saved = await options.checkpoint?.load();
  if (saved === undefined) return train(options);
  try {
    return await train(options, saved);
  } catch (error) {
    // Thrown before the first step.
    if (!(error instanceof OnnxGradError) || error.code !== 'OG_CHECKPOINT') throw error;
    return train(options);
  }
};

const train = (options: TrainOptions, resume?: Uint8Array) => {
  const { recipe, checkpoint, signal } = options;
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
    signal,
    onEvent: options.onEvent,
    ...(checkpoint && { checkpoint: timed(checkpoint, signal) }),
    ...(resume && { resume }),
  });
};

/** Saves when the time has come, and once more when the training is stopped, so that nothing of it is lost. */
const timed = ({ save, seconds }: TrainingCheckpoint, signal: AbortSignal) => {
  let last = performance.now();
  return {
    due: () => signal.aborted || performance.now() - last >= 1000 * seconds,
    save: async (bytes: Uint8Array) => {
      await save(bytes);
      last = performance.now();
    },
  };
};
