/** Losses: one number per record, so that weighting, clipping and averaging are left to whoever trains. */
import type { Shape } from '../graph/dim.ts';
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
import { float32, int64 } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';

export interface Loss {
  readonly name: string;
  /** Type and shape of the target that goes with a model output. */
  readonly target: (output: Value) => { dtype: DType; shape: Shape };
  /** Loss of each record, `[N]`. */
  readonly perExample: (output: Value, target: Value) => Value;
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

/**
 * −Σ_c q_c log softmax(z)_c with q the one-hot label, smoothed by `labelSmoothing` ε: (1 − ε) one-hot + ε / C.
 * Logits `[N, C]`, labels int64 `[N]`.
 */
export const crossEntropy = (options: { readonly labelSmoothing?: number } = {}): Loss => ({
  name: 'cross-entropy',
  target: (logits) => ({ dtype: 'int64', shape: [shapeOf(logits)[0] ?? 'N'] }),
  perExample: (logits, labels) => {
    const classes = shapeOf(logits).at(-1) as number;
    const smoothing = options.labelSmoothing ?? 0;
    const off = smoothing / classes;
    const depth = logits.graph.constant(int64([1], [classes]));
    const q = OneHot(labels, depth, onOff(logits, 1 - smoothing + off, off));
    return Neg(sumRecord(Mul(q, LogSoftmax(logits, { axis: -1 }))));
  },
});

/** −Σ_c q_c log softmax(z)_c for given probabilities q `[N, C]`. */
export const softCrossEntropy = (): Loss => ({
  name: 'soft-cross-entropy',
  target: (logits) => ({ dtype: 'float32', shape: shapeOf(logits) }),
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

/** KL(q ‖ softmax(z)) for given probabilities q `[N, C]`; terms with q = 0 are zero. */
export const klDivergence = (): Loss => ({
  name: 'kl-divergence',
  target: (logits) => ({ dtype: 'float32', shape: shapeOf(logits) }),
  perExample: (logits, q) => {
    const positive = Greater(q, q.graph.scalar(0));
    const logQ = Log(Where(positive, q, q.graph.scalar(1)));
    return sumRecord(Mul(q, Sub(logQ, LogSoftmax(logits, { axis: -1 }))));
  },
});
