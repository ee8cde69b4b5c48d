/** How a classifier is trained, as plain data that enters a task's key. */
import {
  adam,
  type BatchSource,
  type Device,
  type FitEvent,
  type FitOptions,
  type FitResult,
  type Graph,
  losses,
  multiStep,
  type Optimizer,
  sgd,
} from 'onnx-grad';
import type { Dataset } from '../data/dataset.ts';
import { batchSource } from './batch-source.ts';
import { type TrainingCheckpoint, trainOn } from './train-on.ts';

export type { TrainingCheckpoint } from './train-on.ts';

export const OPTIMIZERS = ['sgd', 'adam'] as const;

/** Weight decay is added to the gradient of either optimiser; the learning rate falls tenfold at each milestone. */
export type TrainingRecipe = {
  /** SGD with momentum when left out; Adam (Kingma and Ba 2015) with its usual β and ε. */
  readonly optimizer?: 'adam';
  /** Step t, counted from 0, is made at the learning rate divided by 1 + t times this, as Torch7 does; not 0. */
  readonly learningRateDecay?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Of SGD; 0 of Adam, which has none. */
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

/** What of a training by a recipe may be another. */
export interface Learning
  extends Partial<Pick<FitOptions, 'loss' | 'validation' | 'earlyStopping' | 'privacy'>> {
  /** What the model is trained on in place of the records and their labels. */
  readonly source?: BatchSource;
}

export interface TrainOptions extends Learning {
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

/**
 * A classifier trained on some records of a data set, with cross-entropy when no other loss is given. It goes on from the
 * checkpoint, to the bits of a training that was never interrupted; one that belongs to another training is no help, and
 * is ignored.
 */
export const trainClassifier = ({
  data,
  records,
  recipe,
  source,
  ...options
}: TrainOptions): Promise<FitResult> =>
  trainOn({
    loss: losses.crossEntropy(),
    ...options,
    optimizer: optimizerOf(recipe),
    schedule: multiStep(recipe.milestones),
    data: source ?? batchSource(data, records),
    epochs: recipe.epochs,
    batchSize: recipe.batchSize,
  });

const optimizerOf = ({
  optimizer,
  learningRate,
  learningRateDecay = 0,
  momentum,
  weightDecay,
}: TrainingRecipe): Optimizer => {
  const plain =
    optimizer === 'adam' ? adam({ learningRate, weightDecay }) : sgd({ learningRate, momentum, weightDecay });
  if (learningRateDecay === 0) return plain;
  return {
    ...plain,
    scalarsAt: (step, rate) => plain.scalarsAt(step, rate / (1 + (step - 1) * learningRateDecay)),
  };
};
