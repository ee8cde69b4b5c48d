/** The attack model of ML-Leaks: a small network from the largest posteriors to member or not, and its training. */
import { adam, type BatchSource, fit, Graph, init, losses, nn, ops, predict, type Value } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';
import type { AttackTraining } from './options.ts';

/** The largest posteriors of records, `size × width`, descending. */
export interface Features {
  readonly size: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * Two logits, member's second; the softmax is in the loss. With hidden units one layer of them with ReLU, without any a
 * softmax regression. Glorot's uniform weights and zero biases.
 */
export const attackNetwork = (width: number, hidden: number, seed: number): Graph => {
  const graph = new Graph('ml-leaks');
  const layer = (x: Value, name: string, units: number) =>
    nn.dense(x, { name, seed, units, weightInit: init.xavierUniform(), biasInit: init.zerosInit });
  const x = graph.input('x', 'float32', ['N', width]);
  graph.output('logits', layer(hidden > 0 ? ops.Relu(layer(x, 'hidden', hidden)) : x, 'out', 2));
  return graph;
};

const source = ({ size, width, values }: Features, membership: Uint8Array): BatchSource => ({
  size,
  batch: (indices) => {
    const data = new Float32Array(indices.length * width);
    indices.forEach((index, i) => {
      data.set(values.subarray(index * width, (index + 1) * width), i * width);
    });
    return {
      inputs: { x: { dtype: 'float32', dims: [indices.length, width], data } },
      target: {
        dtype: 'int64',
        dims: [indices.length],
        data: BigInt64Array.from(indices, (i) => BigInt(membership[i] as number)),
      },
    };
  },
});

/** @param membership 1 for members, 0 for non-members, parallel to the features */
export const trainAttackModel = async (
  features: Features,
  membership: Uint8Array,
  { hidden, epochs, batchSize, learningRate, l2 }: AttackTraining,
  { seed, threads, device, signal, progress }: AttackContext,
): Promise<Graph> => {
  const { model } = await fit({
    model: attackNetwork(features.width, hidden, seed),
    loss: losses.crossEntropy(),
    // The gradient of l2 Σ θ² is 2 l2 θ.
    optimizer: adam({ learningRate, weightDecay: 2 * l2 }),
    data: source(features, membership),
    epochs,
    batchSize,
    seed,
    session: { threads, device },
    signal,
    onEvent: (event) => {
      if (event.type === 'epoch')
        progress((event.epoch + 1) / epochs, { epoch: event.epoch + 1, loss: event.loss });
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
