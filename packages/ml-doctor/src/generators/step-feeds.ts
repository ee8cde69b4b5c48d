/** What one step of adversarial training is fed besides its state, all of it addressed by seed and step. */
import { elementCount, float32, type Optimizer, scalar, stream, type Tensor } from 'onnx-grad';
import { type AdversarialStep, own } from './adversarial-step.ts';
import type { AuxiliaryData } from './auxiliary-data.ts';
import type { LabelledRecords } from './pseudo-labels.ts';

export interface StepSource {
  readonly step: AdversarialStep;
  readonly optimizer: Optimizer;
  readonly data: AuxiliaryData;
  readonly chosen: LabelledRecords;
  readonly latent: number;
  /** Of a conditional pair. */
  readonly classes?: number;
  readonly seed: number;
}

const int64s = (values: ArrayLike<number>): Tensor => ({
  dtype: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/**
 * @param batch positions in the chosen records
 * @param done steps before this one
 */
export const feedsOf = (source: StepSource, batch: Uint32Array, done: number): Record<string, Tensor> => {
  const { step, optimizer, data, chosen, latent, classes, seed } = source;
  const rows = batch.length;
  const length = data.values.length / data.count;
  const real = new Float32Array(rows * length);
  batch.forEach((position, i) => {
    const record = chosen.records[position] as number;
    real.set(data.values.subarray(record * length, (record + 1) * length), i * length);
  });
  const feeds: Record<string, Tensor> = {
    [own('real')]: float32([rows, ...data.recordShape], real),
    [own('z')]: float32([rows, latent], stream(seed, 'latent', done).normal(new Float32Array(rows * latent))),
  };
  if (classes !== undefined) {
    feeds[own('realLabels')] = int64s(batch.map((position) => chosen.labels[position] as number));
    feeds[own('labels')] = int64s(stream(seed, 'labels', done).integers(new Uint32Array(rows), classes));
  }
  for (const [name, value] of Object.entries(optimizer.scalarsAt(done + 1, optimizer.learningRate)))
    feeds[step.scalars.get(name) as string] = scalar(value);
  step.masks.forEach(({ input, keep, shape }, layer) => {
    const dims = [rows, ...shape];
    const mask = stream(seed, 'dropout', layer, done).bernoulli(
      new Float32Array(elementCount(dims)),
      keep,
      1 / keep,
    );
    feeds[input.name] = float32(dims, mask);
  });
  return feeds;
};
