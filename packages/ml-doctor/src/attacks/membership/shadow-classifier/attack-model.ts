/** How an attack network is trained on features of known membership, and what it says of others. */
import { adam, type BatchSource, fit, type Graph, losses, predict } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';
import { batchOf, type Features } from './features.ts';

export interface AttackTraining {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Rows of one run: gradients of a wide last layer are large. */
const ROWS_PER_RUN = 64;

/** Labels: 1 for members, 0 for non-members. */
const source = (features: Features, labels: Uint8Array): BatchSource => ({
  size: features.size,
  batch: (indices) => ({
    inputs: batchOf(features, indices),
    target: {
      dtype: 'int64',
      dims: [indices.length],
      data: BigInt64Array.from(indices, (i) => BigInt(labels[i] as number)),
    },
  }),
});

export const trainAttackModel = async (
  network: Graph,
  features: Features,
  membership: Uint8Array,
  training: AttackTraining,
  { seed, threads, device, signal, progress }: AttackContext,
): Promise<Graph> => {
  const { model } = await fit({
    model: network,
    loss: losses.crossEntropy(),
    optimizer: adam({ learningRate: training.learningRate }),
    data: source(features, membership),
    epochs: training.epochs,
    batchSize: training.batchSize,
    seed,
    session: { threads, device },
    signal,
    onEvent: (event) => {
      if (event.type === 'epoch')
        progress((event.epoch + 1) / training.epochs, { epoch: event.epoch + 1, loss: event.loss });
    },
  });
  return model;
};

/** Logit of "member" minus logit of "non-member": 0 is even odds. */
export const memberScores = async (
  model: Graph,
  features: Features,
  { threads, device, signal }: AttackContext,
): Promise<Float64Array> => {
  const { data } = await predict(model, source(features, new Uint8Array(features.size)), {
    threads,
    device,
    signal,
    batchSize: ROWS_PER_RUN,
  });
  const logits = data as Float32Array;
  return Float64Array.from(
    { length: features.size },
    (_, i) => (logits[2 * i + 1] as number) - (logits[2 * i] as number),
  );
};
