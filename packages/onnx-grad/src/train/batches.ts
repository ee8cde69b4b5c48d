/** Where records come from, and in which order an epoch visits them. */
import { OnnxGradError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from '../nn/losses.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';

/** Where a training stands when it asks for a batch. */
export interface BatchPlace {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
}

export interface BatchSource {
  /** Number of records. */
  readonly size: number;
  /**
   * Model inputs by name, and the loss's target, for the records at these indices, in their order. `at` is given by
   * training alone: what a record is met as may change from step to step, as a function of it.
   */
  readonly batch: (
    indices: Uint32Array,
    at?: BatchPlace,
  ) => {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly target: Tensor;
  };
}

/**
 * The batches of one epoch: a fresh permutation keyed by (seed, epoch), cut in pieces. The last, shorter one is kept
 * unless `dropLast`.
 */
export const epochBatches = (
  size: number,
  batchSize: number,
  seed: Seed,
  epoch: number,
  dropLast = false,
): Uint32Array[] => {
  requireBatchSize(batchSize);
  const order = stream(seed, 'shuffle', epoch).permutation(size);
  const batches: Uint32Array[] = [];
  for (let start = 0; start < size; start += batchSize) {
    const batch = order.subarray(start, start + batchSize);
    if (batch.length === batchSize || !dropLast) batches.push(batch);
  }
  return batches;
};

/** All records in their own order, in pieces. */
export const sequentialBatches = (size: number, batchSize: number): Uint32Array[] => {
  requireBatchSize(batchSize);
  const batches: Uint32Array[] = [];
  for (let start = 0; start < size; start += batchSize)
    batches.push(Uint32Array.from({ length: Math.min(batchSize, size - start) }, (_, i) => start + i));
  return batches;
};

/** Refuses a batch's target that cannot be meant; `records` are the indices of its rows in their source. */
export type TargetCheck = (target: Tensor, records: ArrayLike<number>) => void;

/** The check a loss makes of the targets that go with a model output. */
export const targetCheck =
  (loss: Loss, output: Value): TargetCheck =>
  (target, records) =>
    loss.checkTarget?.(target, output, records);

/**
 * The records at these indices, with one row for each in every tensor: a row too few would be broadcast unseen.
 * @throws OG_BAD_ARGUMENT naming the tensor, and what `check` throws
 */
export const readBatch = (
  data: Pick<BatchSource, 'batch'>,
  indices: Uint32Array,
  check: TargetCheck,
  at?: BatchPlace,
): ReturnType<BatchSource['batch']> => {
  const batch = data.batch(indices, at);
  requireRows({ ...batch.inputs, target: batch.target }, indices.length);
  check(batch.target, indices);
  return batch;
};

/** As `readBatch`, for who has no use for the target. */
export const readInputs = (
  data: Pick<BatchSource, 'batch'>,
  indices: Uint32Array,
): Readonly<Record<string, Tensor>> => {
  const { inputs } = data.batch(indices);
  requireRows(inputs, indices.length);
  return inputs;
};

const requireRows = (tensors: Readonly<Record<string, Tensor>>, records: number): void => {
  for (const [name, { dims }] of Object.entries(tensors))
    if (dims[0] !== records)
      throw new OnnxGradError(
        'OG_BAD_ARGUMENT',
        `the data source gave '${name}' of shape [${dims.join(', ')}] for ${records} records`,
        'Return one row per index, in the order of the indices.',
      );
};

const requireBatchSize = (batchSize: number): void => {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new OnnxGradError('OG_BAD_ARGUMENT', `batchSize is ${batchSize}`, 'Pass a whole number from 1.');
};
