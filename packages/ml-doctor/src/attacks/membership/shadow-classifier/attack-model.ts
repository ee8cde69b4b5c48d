/** The attack network of ML-Doctor's black-box membership inference, and how it is trained. */
import { adam, type BatchSource, fit, Graph, init, losses, nn, ops, predict, type Value } from 'onnx-grad';
import type { AttackContext } from '../membership-attack.ts';

/** Features of records: sorted posteriors `[n, classes]` and whether each prediction was right `[n, 1]`. */
export interface Features {
  readonly size: number;
  readonly classes: number;
  readonly posteriors: Float32Array;
  readonly correct: Float32Array;
}

export interface AttackTraining {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/**
 * Liu et al. 2022, §4.1: one branch FC(C,128) ReLU FC(128,64) for the posteriors, one FC(1,128) ReLU FC(128,64) for
 * the flag; their 128 joint values go through FC 256, 128, 64 with ReLU to two logits. Xavier normal weights, zero
 * biases.
 */
export const attackNetwork = (classes: number, seed: number): Graph => {
  const graph = new Graph('membership-attack');
  const layer = (x: Value, name: string, units: number) =>
    nn.dense(x, { name, seed, units, weightInit: init.xavierNormal(), biasInit: init.zerosInit });
  const branch = (x: Value, name: string) => layer(ops.Relu(layer(x, `${name}1`, 128)), `${name}2`, 64);
  const posteriors = graph.input('posteriors', 'float32', ['N', classes]);
  const correct = graph.input('correct', 'float32', ['N', 1]);
  let hidden = ops.Concat([branch(posteriors, 'posteriors'), branch(correct, 'correct')], 1);
  for (const [i, units] of [256, 128, 64].entries()) hidden = ops.Relu(layer(hidden, `joint${i + 1}`, units));
  graph.output('logits', layer(hidden, 'out', 2));
  return graph;
};

const gather = (source: Float32Array, width: number, indices: Uint32Array): Float32Array => {
  const out = new Float32Array(indices.length * width);
  indices.forEach((index, i) => {
    out.set(source.subarray(index * width, (index + 1) * width), i * width);
  });
  return out;
};

/** Labels: 1 for members, 0 for non-members. */
const source = (features: Features, labels: Uint8Array): BatchSource => ({
  size: features.size,
  batch: (indices) => ({
    inputs: {
      posteriors: {
        dtype: 'float32',
        dims: [indices.length, features.classes],
        data: gather(features.posteriors, features.classes, indices),
      },
      correct: { dtype: 'float32', dims: [indices.length, 1], data: gather(features.correct, 1, indices) },
    },
    target: {
      dtype: 'int64',
      dims: [indices.length],
      data: BigInt64Array.from(indices, (i) => BigInt(labels[i] as number)),
    },
  }),
});

export const trainAttackModel = async (
  features: Features,
  membership: Uint8Array,
  training: AttackTraining,
  { seed, threads, device, signal, progress }: AttackContext,
): Promise<Graph> => {
  const { model } = await fit({
    model: attackNetwork(features.classes, seed),
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
  });
  const logits = data as Float32Array;
  return Float64Array.from(
    { length: features.size },
    (_, i) => (logits[2 * i + 1] as number) - (logits[2 * i] as number),
  );
};
