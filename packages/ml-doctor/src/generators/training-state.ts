/** How far the training of a generator is: what a checkpoint holds, and what tells one training from another. */
import { createHash } from 'node:crypto';
import { decodeCheckpoint, encodeCheckpoint, encodeModel, OnnxGradError, type Tensor } from 'onnx-grad';
import type { AdversarialStep } from './adversarial-step.ts';
import type { Generator } from './generator.ts';
import type { LabelledRecords } from './pseudo-labels.ts';
import type { GeneratorRecipe } from './recipe.ts';

/** Mean losses of an epoch. */
export type EpochLosses = { readonly generator: number; readonly discriminator: number };

export type TrainingProgress = {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Steps done in all, and in the current epoch. */
  readonly step: number;
  readonly stepInEpoch: number;
  /** Over the steps of the current epoch. */
  readonly sums: EpochLosses;
  readonly history: readonly EpochLosses[];
};

export interface TrainingState {
  readonly progress: TrainingProgress;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The state of a training that is not over. */
export interface GeneratorCheckpoint {
  /** What was saved last; undefined when there is nothing. */
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
  /** Of training between two checkpoints. */
  readonly seconds: number;
}

export const startingState = (step: AdversarialStep): TrainingState => ({
  progress: { epoch: 0, step: 0, stepInEpoch: 0, sums: { generator: 0, discriminator: 0 }, history: [] },
  tensors: step.initialState(),
});

/** Everything that decides the bits of a training: networks, losses, target, records, order. */
export const fingerprintOf = (about: {
  readonly recipe: GeneratorRecipe;
  readonly seed: number;
  readonly networks: Generator;
  readonly step: AdversarialStep;
  readonly values: Float32Array;
  readonly chosen: LabelledRecords;
}): string => {
  const { recipe, seed, networks, step, values, chosen } = about;
  const hash = createHash('sha256').update(JSON.stringify([recipe, seed]));
  for (const graph of [step.graph, networks.generator, networks.discriminator])
    hash.update(encodeModel(graph));
  for (const { buffer, byteOffset, byteLength } of [values, chosen.records, chosen.labels])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
};

/** A checkpoint that holds states of one training. */
export interface StateKeeper {
  load(): Promise<TrainingState | undefined>;
  save(state: TrainingState): Promise<void>;
  readonly seconds: number;
}

/** What is damaged or of another training is no help, and not loaded. */
export const stateKeeper = (checkpoint: GeneratorCheckpoint, fingerprint: string): StateKeeper => ({
  load: async () => {
    const bytes = await checkpoint.load();
    return bytes && unpack(bytes, fingerprint);
  },
  save: ({ progress, tensors }) =>
    checkpoint.save(encodeCheckpoint({ progress, state: tensors, fingerprint })),
  seconds: checkpoint.seconds,
});

const unpack = (bytes: Uint8Array, fingerprint: string): TrainingState | undefined => {
  try {
    const saved = decodeCheckpoint<TrainingProgress>(bytes);
    if (saved.fingerprint !== fingerprint) return undefined;
    return { progress: saved.progress, tensors: saved.state };
  } catch (error) {
    if (error instanceof OnnxGradError && error.code === 'OG_CHECKPOINT') return undefined;
    throw error;
  }
};
