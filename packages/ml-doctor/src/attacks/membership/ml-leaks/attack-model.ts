/** The attack model of ML-Leaks: a small network from the largest posteriors to member or not, and its training. */
import { Graph, init, nn, ops, type Value } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';
import { denseRows, fitAttackNetwork, scoreRows } from '../attack-network.ts';
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

const rowsOf = (features: Features) => {
  const { width, values } = features;
  return denseRows('x', features, (index) => values.subarray(index * width, (index + 1) * width));
};

/** @param membership 1 for members, 0 for non-members, parallel to the features */
export const trainAttackModel = (
  features: Features,
  membership: Uint8Array,
  training: AttackTraining,
  context: AttackContext,
): Promise<Graph> =>
  fitAttackNetwork(
    attackNetwork(features.width, training.hidden, context.seed),
    { ...rowsOf(features), membership: (index) => membership[index] as number },
    training,
    context,
    (epoch, loss) => context.progress(epoch / training.epochs, { epoch, loss }),
  );

/** Logit of "member" minus logit of "non-member": 0 is even odds. */
export const memberScores = (
  model: Graph,
  features: Features,
  context: AttackContext,
): Promise<Float64Array> => scoreRows(model, rowsOf(features), context);
