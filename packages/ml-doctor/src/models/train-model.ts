/** A model of any architecture from records: the one function behind every learner. */
import { type Device, type FitResult, type Graph, stream } from 'onnx-grad';
import { createDataset, type Dataset, elements } from '../data/dataset.ts';
import type { Architecture, ArchitectureOptions } from './architecture.ts';
import { architecture } from './architectures.ts';
import { forestGraph } from './forest/forest-graph.ts';
import { growForest } from './forest/grow-forest.ts';
import type { TrainingRecipe } from './recipe.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainingCheckpoint } from './train-on.ts';

export interface TrainModelOptions {
  /** Its name in the registry. */
  readonly architecture: string;
  readonly data: Dataset;
  /** Indices of the training records. */
  readonly records: Uint32Array;
  /** Must be there for an architecture that trains by gradients; means nothing to a forest. */
  readonly recipe?: TrainingRecipe | undefined;
  readonly seed: number;
  /** Of onnxruntime; a forest grows on one thread of the CPU. */
  readonly threads: number;
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly progress: (progress: ModelProgress) => void;
  /** Forests keep none: they are quickly grown again. */
  readonly checkpoint?: TrainingCheckpoint;
}

export interface ModelProgress {
  /** Share of the work done, 0 to 1. */
  readonly fraction: number;
  /** `epoch` (from 1) and, after the first, its mean `loss`; for a forest the number of `trees`. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface TrainedModel {
  /** One input `x` `[N, ...recordShape]`, one output `logits` `[N, classes]` whose softmax is the posterior. */
  readonly model: Graph;
  /** Trainable numbers of a network; nodes of a forest, splits and leaves. */
  readonly parameters: number;
  /** Mean training loss of each epoch; empty for a forest. */
  readonly losses: readonly number[];
  /** Descents of a network; trees of a forest. */
  readonly steps: number;
  /** Of a private training: what accountants ask about it. */
  readonly sampling?: NonNullable<FitResult['privacy']>;
}

/**
 * The same options give the same bits, wherever a training was stopped and resumed.
 * @throws {AuditError} MLD_USAGE for an unknown architecture or records that do not suit it; what `fit` of onnx-grad
 *   throws. When stopped: OG_ABORTED from a network, MLD_ABORTED from a forest
 */
export const trainModel = async (options: TrainModelOptions): Promise<TrainedModel> => {
  const found = architecture(options.architecture);
  if (found.trains === 'forest') return trainForest(found.trees, options);
  const { data, seed, recipe } = options;
  if (!recipe) throw new Error(`internal: no training recipe for '${found.name}'`);
  const model = found.build({ recordShape: data.recordShape, classes: data.classes.length, seed });
  return trainNetwork({ ...options, recipe, model });
};

/**
 * A model that has learnt nothing, to check that records suit an architecture and to see how fast it answers. A
 * forest's has grown on noise.
 * @throws {AuditError} MLD_USAGE when the records do not suit the architecture
 */
export const untrainedModel = async (found: Architecture, options: ArchitectureOptions): Promise<Graph> =>
  found.trains === 'gradient' ? found.build(options) : noiseForest(found.trees, options);

const trainForest = async (
  count: number,
  { data, records, seed, signal, progress }: TrainModelOptions,
): Promise<TrainedModel> => {
  const trees = await growForest({
    ...{ data, records, seed, signal },
    trees: count,
    onTree: (grown) => progress({ fraction: grown / count, figures: { trees: grown } }),
  });
  return {
    model: forestGraph(trees, data.recordShape, data.classes.length),
    parameters: trees.reduce((sum, { features }) => sum + features.length, 0),
    losses: [],
    steps: count,
  };
};

/** Records of the forest that stands in for one to come. */
const NOISE_RECORDS = 256;

const noiseForest = async (trees: number, { recordShape, classes, seed }: ArchitectureOptions) => {
  const noise = (purpose: string, length: number, below: number) =>
    stream(seed, 'noise-forest', purpose).integers(new Uint32Array(length), below);
  const channels = recordShape[0] ?? 1;
  const data = createDataset({
    id: 'noise',
    recordShape,
    x: Uint8Array.from(noise('x', NOISE_RECORDS * elements(recordShape), 256)),
    y: Int32Array.from(noise('y', NOISE_RECORDS, classes)),
    classes: Array.from({ length: classes }, String),
    normalisation: { scale: 1, mean: Array(channels).fill(0), std: Array(channels).fill(1) },
  });
  const grown = await growForest({
    ...{ data, trees, seed },
    records: Uint32Array.from({ length: NOISE_RECORDS }, (_, i) => i),
    signal: new AbortController().signal,
    onTree: () => {},
  });
  return forestGraph(grown, recordShape, classes);
};
