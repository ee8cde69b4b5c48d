/** Where records come from, and in which order an epoch visits them. */
import type { Tensor } from '../graph/tensor.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';

export interface BatchSource {
  /** Number of records. */
  readonly size: number;
  /** Model inputs by name, and the loss's target, for the records at these indices, in their order. */
  readonly batch: (indices: Uint32Array) => {
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
  const batches: Uint32Array[] = [];
  for (let start = 0; start < size; start += batchSize)
    batches.push(Uint32Array.from({ length: Math.min(batchSize, size - start) }, (_, i) => start + i));
  return batches;
};
