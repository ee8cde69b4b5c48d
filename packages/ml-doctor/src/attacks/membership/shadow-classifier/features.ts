/** What ML-Doctor's attack networks see of records: what a model answers about them and, white-box, its gradients. */
import type { Tensor } from 'onnx-grad';
import { argmax } from '../../../stats/argmax.ts';
import { crossEntropyLoss, posterior } from '../../../stats/log-posterior.ts';
import type { LastLayer, PosteriorAccess, Records, WhiteBoxAccess } from '../../../targets/access.ts';

/** One input of an attack network. */
export interface Part {
  /** Of one record. */
  readonly shape: readonly number[];
  /** `indices × elements of the shape`, made when asked for. */
  readonly rows: (indices: ArrayLike<number>) => Float32Array;
}

/** Features of records by the name of the network's input. */
export interface Features {
  readonly size: number;
  readonly parts: Readonly<Record<string, Part>>;
}

/** `posteriors` from the largest down, and `correct`: 1 where the largest is at the label (the first among equals). */
export const blackBoxFeatures = async (model: PosteriorAccess, records: Records): Promise<Features> => {
  const { logits, classes } = await model.query(records);
  // By the logits, as the target's accuracy is counted: posteriors may round to a tie.
  const correct = Float32Array.from(records.labels, (label, i) =>
    argmax(logits.subarray(i * classes, (i + 1) * classes)) === label ? 1 : 0,
  );
  return {
    size: records.ids.length,
    parts: {
      posteriors: stored(sortedPosteriors(logits, classes), [classes]),
      correct: stored(correct, [1]),
    },
  };
};

/**
 * `posteriors` from the largest down; `loss`, the cross-entropy; `gradient`, that of the loss in the last layer's
 * weights, one channel of `classes × inputs` with the rows in the order of the classes; `label`, one-hot.
 *
 * The outputs are posteriors rather than logits, as in the black-box features: their scale does not depend on the model.
 */
export const whiteBoxFeatures = async (model: WhiteBoxAccess, records: Records): Promise<Features> => {
  const { logits, classes } = await model.query(records);
  const losses = Float32Array.from(records.labels, (label, i) =>
    crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), label),
  );
  const { labels } = records;
  return {
    size: records.ids.length,
    parts: {
      posteriors: stored(sortedPosteriors(logits, classes), [classes]),
      loss: stored(losses, [1]),
      gradient: outerProducts(await model.lastLayer(records)),
      label: {
        shape: [classes],
        rows: (indices) => {
          const out = new Float32Array(indices.length * classes);
          for (let i = 0; i < indices.length; i++)
            out[i * classes + (labels[indices[i] as number] as number)] = 1;
          return out;
        },
      },
    },
  };
};

/** The tensors of one batch, by the name of the network's input. */
export const batchOf = ({ parts }: Features, indices: Uint32Array): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(parts).map(([name, { shape, rows }]) => [
      name,
      { dtype: 'float32', dims: [indices.length, ...shape], data: rows(indices) },
    ]),
  );

const sortedPosteriors = (logits: Float32Array, classes: number): Float32Array => {
  const sorted = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes)
    sorted.set(
      posterior(logits.subarray(start, start + classes))
        .sort()
        .reverse(),
      start,
    );
  return sorted;
};

const stored = (data: Float32Array, shape: readonly [number]): Part => {
  const [width] = shape;
  return {
    shape,
    rows: (indices) => {
      const out = new Float32Array(indices.length * width);
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i] as number;
        out.set(data.subarray(index * width, (index + 1) * width), i * width);
      }
      return out;
    },
  };
};

/** Kept as factors and multiplied out batch by batch: all at once they may be hundreds of times the data. */
const outerProducts = ({ deltas, activations, outputs, inputs }: LastLayer): Part => ({
  shape: [1, outputs, inputs],
  rows: (indices) => {
    const out = new Float32Array(indices.length * outputs * inputs);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] as number;
      for (let c = 0; c < outputs; c++) {
        const delta = deltas[index * outputs + c] as number;
        const start = (i * outputs + c) * inputs;
        for (let j = 0; j < inputs; j++) out[start + j] = delta * (activations[index * inputs + j] as number);
      }
    }
    return out;
  },
});
