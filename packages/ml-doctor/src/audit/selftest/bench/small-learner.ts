/** Learners on a few records of noise: what they are given, and what becomes of one that is stopped. */
import { encodeModel, type Graph, predict, stream, type Tensor } from 'onnx-grad';
import { createDataset, type Dataset } from '../../../data/dataset.ts';
import type { DefendedModel, LearnerOptions } from '../../../defenses/defense.ts';
import { batchSource } from '../../../models/batch-source.ts';

const everyRecord = ({ size }: Dataset): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);

/** Bytes and labels that have nothing to do with each other. */
export const noise = (recordShape: readonly number[], { size = 48, classes = 3, seed = 0 } = {}): Dataset => {
  const values = recordShape.reduce((product, length) => product * length, 1);
  const channels = recordShape[0] as number;
  return createDataset({
    id: 'noise',
    recordShape,
    x: Uint8Array.from(stream(seed, 'x').integers(new Uint32Array(size * values), 256)),
    y: Int32Array.from(stream(seed, 'y').integers(new Uint32Array(size), classes)),
    classes: Array.from({ length: classes }, String),
    normalisation: { scale: 1 / 255, mean: Array(channels).fill(0.5), std: Array(channels).fill(0.25) },
  });
};

/** An MLP on all records of some noise for two epochs of six steps, unless told otherwise. */
export const learnerOptions = (changes: Partial<LearnerOptions> = {}): LearnerOptions => {
  const data = changes.data ?? noise([6]);
  return {
    ...{ architecture: 'mlp', data, records: everyRecord(data), seed: 0 },
    recipe: { epochs: 2, batchSize: 8, learningRate: 0.05, momentum: 0.9, weightDecay: 0, milestones: [] },
    ...{ threads: 1, device: 'cpu', signal: new AbortController().signal, progress: () => {} },
    ...changes,
  };
};

/** Stopped at its first sign of progress, and done again from what it left. */
export const stoppedAndResumed = async (
  train: (options: LearnerOptions) => Promise<DefendedModel>,
  options: LearnerOptions,
  { seconds = 3600 } = {},
) => {
  let kept: Uint8Array | undefined;
  const checkpoint = {
    load: async () => kept,
    save: async (bytes: Uint8Array) => {
      kept = bytes;
    },
    seconds,
  };
  const abort = new AbortController();
  const stopped = await train({
    ...options,
    checkpoint,
    signal: abort.signal,
    progress: () => abort.abort(),
  }).catch((error: unknown) => error);
  const resumedAt: number[] = [];
  const resumed = await train({
    ...options,
    checkpoint,
    progress: ({ fraction }) => resumedAt.push(fraction),
  });
  return { stopped, resumed, resumedAt: resumedAt[0] };
};

export const sameFile = (a: Graph, b: Graph): boolean => Buffer.compare(encodeModel(a), encodeModel(b)) === 0;

/** Its logits on all records. */
export const logitsOf = (model: Graph, data: Dataset): Promise<Tensor> =>
  predict(model, batchSource(data, everyRecord(data)));
