/** Losses: one number per record, so that weighting, clipping and averaging are left to whoever trains. */
import { OnnxGradError, requireShare } from '../errors.ts';
import { type Shape, showShape } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import {
  Abs,
  Add,
  Exp,
  Greater,
  Log,
  LogSoftmax,
  Max,
  Mul,
  Neg,
  OneHot,
  ReduceMean,
  ReduceSum,
  Sub,
  Where,
} from '../graph/ops/index.ts';
import { float32, int64, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';

export interface Loss {
  readonly name: string;
  /** Type and shape of the target that goes with a model output. */
  readonly target: (output: Value) => { dtype: DType; shape: Shape };
  /** Loss of each record, `[N]`. */
  readonly perExample: (output: Value, target: Value) => Value;
  /**
   * Whether a batch's target can be meant for a model output; a graph cannot refuse numbers. `records` are the
   * records' indices in their source.
   * @throws OG_BAD_ARGUMENT naming the first record whose target cannot
   */
  readonly checkTarget?: (target: Tensor, output: Value, records: ArrayLike<number>) => void;
}

const shapeOf = (output: Value): Shape => output.shape ?? [];

/** Sum over everything but the batch axis. */
const sumRecord = (value: Value): Value => {
  const axes = shapeOf(value).flatMap((_, i) => (i > 0 ? [i] : []));
  return axes.length > 0 ? ReduceSum(value, axes, { keepdims: false }) : value;
};
const meanRecord = (value: Value): Value => {
  const axes = shapeOf(value).flatMap((_, i) => (i > 0 ? [i] : []));
  return axes.length > 0 ? ReduceMean(value, axes, { keepdims: false }) : value;
};

const onOff = (like: Value, on: number, off: number): Value => like.graph.constant(float32([2], [off, on]));

/** C of logits `[N, C]`. With one class softmax is 1 whatever the logit, and nothing would be learned. */
const classesOf = (logits: Value): number => {
  const classes = logits.shape?.length === 2 ? logits.shape[1] : undefined;
  if (typeof classes !== 'number')
    throw new OnnxGradError(
      'OG_SHAPE_MISMATCH',
      `logits have shape [N, classes], but '${logits.name}' has shape ${showShape(logits.shape)}`,
      'Choose the output that holds one row of logits per record, with a known number of classes.',
    );
  if (classes < 2)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `'${logits.name}' has logits of ${classes} classes`,
      'For two classes with one logit take binaryCrossEntropy, or give the model one logit per class.',
    );
  return classes;
};

/** Labels outside the classes would be counted from the end, or as no class at all: a loss of 0. */
const checkLabels = (labels: Tensor, logits: Value, records: ArrayLike<number>): void => {
  // Another type or rank is refused where the batch is fed.
  if (labels.dtype !== 'int64' || labels.dims.length !== 1) return;
  const classes = classesOf(logits);
  const data = labels.data as BigInt64Array;
  const wrong = data.findIndex((label) => label < 0n || label >= BigInt(classes));
  if (wrong >= 0)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `record ${records[wrong]} has label ${data[wrong]}, but '${logits.name}' has ${classes} classes`,
      `Give labels from 0 to ${classes - 1}.`,
    );
};

/**
 * −Σ_c q_c log softmax(z)_c with q the one-hot label, smoothed by `labelSmoothing` ε: (1 − ε) one-hot + ε / C.
 * Logits `[N, C]` of two classes or more, labels int64 `[N]` from 0 to C − 1; ε from 0 to 1.
 * @throws OG_BAD_ARGUMENT for ε, one class, and (`checkTarget`) a label that is none of the classes
 * @throws OG_SHAPE_MISMATCH for logits of another rank
 */
export const crossEntropy = (options: { readonly labelSmoothing?: number } = {}): Loss => {
  const smoothing = options.labelSmoothing ?? 0;
  requireShare('labelSmoothing', smoothing);
  return {
    name: 'cross-entropy',
    target: (logits) => {
      classesOf(logits);
      return { dtype: 'int64', shape: [shapeOf(logits)[0] ?? 'N'] };
    },
    perExample: (logits, labels) => {
      const classes = classesOf(logits);
      const off = smoothing / classes;
      const depth = logits.graph.constant(int64([1], [classes]));
      const q = OneHot(labels, depth, onOff(logits, 1 - smoothing + off, off));
      return Neg(sumRecord(Mul(q, LogSoftmax(logits, { axis: -1 }))));
    },
    checkTarget: checkLabels,
  };
};

/** Probabilities q `[N, C]`, of the shape of the logits. */
const distribution = (logits: Value): { dtype: DType; shape: Shape } => {
  classesOf(logits);
  return { dtype: 'float32', shape: shapeOf(logits) };
};

/**
 * −Σ_c q_c log softmax(z)_c for given probabilities q `[N, C]`, two classes or more.
 * @throws OG_BAD_ARGUMENT, OG_SHAPE_MISMATCH for other logits
 */
export const softCrossEntropy = (): Loss => ({
  name: 'soft-cross-entropy',
  target: distribution,
  perExample: (logits, q) => Neg(sumRecord(Mul(q, LogSoftmax(logits, { axis: -1 })))),
});

/** Mean squared difference over each record; the batch mean of it is PyTorch's MSELoss. */
export const meanSquaredError = (): Loss => ({
  name: 'mse',
  target: (output) => ({ dtype: 'float32', shape: shapeOf(output) }),
  perExample: (output, target) => {
    const difference = Sub(output, target);
    return meanRecord(Mul(difference, difference));
  },
});

/** Binary cross-entropy on logits, mean over a record's outputs: max(z, 0) − z t + log(1 + e^−|z|), finite for all z. */
export const binaryCrossEntropy = (): Loss => ({
  name: 'binary-cross-entropy',
  target: (logits) => ({ dtype: 'float32', shape: shapeOf(logits) }),
  perExample: (z, t) => {
    const zero = z.graph.scalar(0);
    const tail = Log(Add(z.graph.scalar(1), Exp(Neg(Abs(z)))));
    return meanRecord(Add(Sub(Max(z, zero), Mul(z, t)), tail));
  },
});

/**
 * KL(q ‖ softmax(z)) for given probabilities q `[N, C]`, two classes or more; terms with q = 0 are zero.
 * @throws OG_BAD_ARGUMENT, OG_SHAPE_MISMATCH for other logits
 */
export const klDivergence = (): Loss => ({
  name: 'kl-divergence',
  target: distribution,
  perExample: (logits, q) => {
    const positive = Greater(q, q.graph.scalar(0));
    const logQ = Log(Where(positive, q, q.graph.scalar(1)));
    return sumRecord(Mul(q, Sub(logQ, LogSoftmax(logits, { axis: -1 }))));
  },
});
