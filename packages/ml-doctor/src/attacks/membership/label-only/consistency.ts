/** How often a model that tells its predicted class only is right about a record and its transformed copies. */
import { stream } from 'onnx-grad';
import type { View } from '../../../data/views.ts';
import type { LabelAccess, LiveLabelAccess, Records } from '../../../targets/access.ts';
import type { RecordData } from '../membership-attack.ts';

/** Number of views in which each record gets its label. */
export const rightViews = async (
  model: LabelAccess,
  records: Records,
  asked: readonly View[],
): Promise<Float64Array> => {
  const right = new Float64Array(records.ids.length);
  for (const view of asked) addRight(right, await model.labels(records, view), records.labels);
  return right;
};

export interface NoiseOptions {
  readonly data: RecordData;
  /** Probability that a bit is flipped. */
  readonly share: number;
  /** Copies with flipped bits, besides the record as it is. */
  readonly copies: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/** Number of noisy copies, and the record itself, that get the record's label. Which bits flip depends on its id. */
export const rightCopies = async (
  model: LiveLabelAccess,
  records: Records,
  { data, share, copies, seed, signal, progress }: NoiseOptions,
): Promise<Float64Array> => {
  const rows = records.ids.length;
  const right = new Float64Array(rows);
  addRight(right, await model.labels(records), records.labels);
  const plain = data.inputs(records);
  const { low, high } = data.bounds;
  const length = low.length;
  const streams = Array.from(records.ids, (id) => stream(seed, 'label-only', 'noise', id));
  const flips = new Float32Array(length);
  for (let copy = 0; copy < copies; copy++) {
    signal.throwIfAborted();
    const values = plain.slice();
    for (let i = 0; i < rows; i++) {
      streams[i]?.bernoulli(flips, share, 1, copy * length);
      for (let j = 0; j < length; j++)
        if (flips[j] === 1) {
          const place = i * length + j;
          const [zero, one] = [low[j] as number, high[j] as number];
          // The other of the two values, whatever the normalisation made of 0 and 1.
          values[place] = (values[place] as number) < (zero + one) / 2 ? one : zero;
        }
    }
    addRight(right, await model.labelsOf({ values, rows }), records.labels);
    progress((copy + 1) / copies);
  }
  return right;
};

const addRight = (right: Float64Array, predicted: Int32Array, labels: Int32Array): void => {
  labels.forEach((label, i) => {
    if (predicted[i] === label) right[i] = (right[i] as number) + 1;
  });
};
