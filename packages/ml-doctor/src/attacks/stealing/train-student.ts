/** A copy that learns the target's answers: its own softmax is held to the posteriors that were kept. */
import { type BatchSource, type Graph, type Loss, losses, ops, sgd } from 'onnx-grad';
import { type TrainingCheckpoint, trainableNumbers, trainOn } from '../../models/train-on.ts';
import type { AttackContext } from '../attack-context.ts';
import type { StudentLoss, StudentRecipe } from './stealing-attack.ts';

export interface StudentOptions extends AttackContext {
  /** Fresh weights: one input `x` `[N, ...recordShape]`, one output `logits` `[N, classes]`. */
  readonly model: Graph;
  readonly recordShape: readonly number[];
  /** Number of answers kept; position i of `inputs` and row i of `beliefs` belong together. */
  readonly size: number;
  /** Asked for the inputs of one batch at a time; `positions.length × record length`, as the target received them. */
  readonly inputs: (positions: ArrayLike<number>) => Float32Array;
  /** `size × classes`, each row a distribution. */
  readonly beliefs: Float32Array;
  readonly recipe: StudentRecipe;
  readonly checkpoint?: TrainingCheckpoint;
}

export interface Student {
  readonly model: Graph;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  readonly steps: number;
}

/**
 * Σ_c (softmax(z)_c − q_c)² of each answer: the squared Euclidean distance of posteriors, from the student's own softmax
 * (Liu et al., ML-Doctor, USENIX Security 2022). PyTorch's MSELoss is the mean over classes: with C of them this is C
 * times as much, and a step at the same learning rate C times as long.
 */
const squaredDistance: Loss = {
  name: 'squared-distance-of-posteriors',
  target: (logits) => ({ dtype: 'float32', shape: logits.shape ?? [] }),
  perExample: (logits, beliefs) => {
    const difference = ops.Sub(ops.Softmax(logits, { axis: -1 }), beliefs);
    return ops.ReduceSum(ops.Mul(difference, difference), [1], { keepdims: false });
  },
};

const lossOf = (loss: StudentLoss): Loss => (loss === 'mse' ? squaredDistance : losses.klDivergence());

const sourceOf = ({ size, recordShape, inputs, beliefs }: StudentOptions): BatchSource => {
  const classes = beliefs.length / size;
  return {
    size,
    batch: (positions) => {
      const rows = positions.length;
      const target = new Float32Array(rows * classes);
      positions.forEach((position, row) => {
        target.set(beliefs.subarray(position * classes, (position + 1) * classes), row * classes);
      });
      return {
        inputs: { x: { dtype: 'float32', dims: [rows, ...recordShape], data: inputs(positions) } },
        target: { dtype: 'float32', dims: [rows, classes], data: target },
      };
    },
  };
};

/** A sign of progress after so many steps. */
const STEPS_PER_PROGRESS = 10;

/**
 * SGD with momentum and weight decay at one learning rate (ML-Doctor names no schedule), on the batch mean of the loss.
 * The same options give the same bits, wherever it was stopped and resumed. Progress is told after every tenth step and
 * at the end of each epoch.
 * @throws what `fit` of onnx-grad throws; OG_ABORTED when stopped
 */
export const trainStudent = async (options: StudentOptions): Promise<Student> => {
  const { model, recipe, size, seed, threads, device, signal, progress, checkpoint } = options;
  const { epochs, batchSize, learningRate, momentum, weightDecay } = recipe;
  const total = Math.ceil(size / batchSize) * epochs;
  let loss: number | undefined;
  const trained = await trainOn({
    ...{ model, loss: lossOf(recipe.loss), data: sourceOf(options), epochs, batchSize },
    optimizer: sgd({ learningRate, momentum, weightDecay }),
    ...{ seed, threads, device, signal },
    ...(checkpoint && { checkpoint }),
    onEvent: (event) => {
      if (event.type === 'start' && event.resumedAt > 0) progress(event.resumedAt / total);
      if (event.type === 'epoch') {
        loss = event.loss;
        progress((event.epoch + 1) / epochs, { epoch: event.epoch + 1, loss });
      }
      if (event.type === 'step' && event.step % STEPS_PER_PROGRESS === 0)
        progress(event.step / total, { epoch: event.epoch + 1, ...(loss !== undefined && { loss }) });
    },
  });
  return {
    model: trained.model,
    parameters: trainableNumbers(trained.model),
    losses: trained.history.map((epoch) => epoch.loss),
    steps: trained.steps,
  };
};
