/** What tells one training run from another, so that a checkpoint is never continued as a different run. */
import { createHash } from 'node:crypto';
import type { NumericArray } from '../graph/dtype.ts';
import type { Tensor } from '../graph/tensor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { constantRate } from '../optim/schedules.ts';
import { type BatchSource, readBatch, sequentialBatches } from './batches.ts';
import { type FitOptions, microBatchOf } from './fit-options.ts';
import type { TrainingStep } from './training-step.ts';

/** Records of a source that are read to tell it from another of the same size. */
const sampled = 32;

/**
 * @param epochs all that the run was to do, where that is not what the options say
 *
 * The training graph holds model, loss and optimiser; the rest is what decides batches, rates and when to stop. Data
 * are told apart by their size and by what their first 32 records hold, in the source's own order: reading all of
 * them could take longer than the training.
 */
export const fingerprint = (
  options: FitOptions,
  step: TrainingStep,
  epochs: number = options.epochs,
): string => {
  const { data, batchSize, seed, dropLast, optimizer, model, validation, earlyStopping, privacy } = options;
  const schedule = options.schedule ?? constantRate();
  const about = {
    records: [data.size, sample(data, step)],
    batchSize,
    // 7 and 7n are one seed, '7' is another.
    seed: typeof seed === 'string' ? JSON.stringify(seed) : String(seed),
    dropLast: dropLast ?? false,
    epochs,
    optimizer: [optimizer.name, optimizer.learningRate, optimizer.scalarsAt(7, 1)],
    schedule: [schedule.name, Array.from({ length: epochs }, (_, epoch) => schedule.factor(epoch, epochs))],
    validation: validation ? [validation.size, sample(validation, step)] : null,
    earlyStopping: earlyStopping ? [earlyStopping.patience, earlyStopping.minimumImprovement ?? 0] : null,
    // Left out when there is none, so that checkpoints from before there was any still fit.
    ...(privacy && {
      privacy: [privacy.clipNorm, privacy.noiseMultiplier, microBatchOf(privacy, batchSize)],
    }),
  };
  return createHash('sha256')
    .update(JSON.stringify(about))
    .update(encodeModel(step.graph))
    .update(encodeModel(model))
    .digest('hex');
};

/** Digest of a source's first records. */
const sample = (data: BatchSource, step: TrainingStep): string => {
  const [first] = sequentialBatches(Math.min(data.size, sampled), sampled) as [Uint32Array];
  const { inputs, target } = readBatch(data, first, step.checkTarget);
  const hash = createHash('sha256');
  const add = (name: string, { dtype, dims, data: numbers }: Tensor) => {
    hash.update(JSON.stringify([name, dtype, dims]));
    hash.update(dtype === 'string' ? JSON.stringify(numbers) : bytesOf(numbers as NumericArray));
  };
  // Which input a source names first says nothing about its records.
  for (const name of Object.keys(inputs).sort()) add(name, inputs[name] as Tensor);
  add('target', target);
  return hash.digest('hex');
};

const bytesOf = ({ buffer, byteOffset, byteLength }: NumericArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
