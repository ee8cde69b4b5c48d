/** The attack network of Shokri et al.: posteriors in, one hidden layer, member or not out. */
import { Graph, nn, ops } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';
import { denseRows, fitAttackNetwork, type NetworkTraining, scoreRows } from '../attack-network.ts';

/** Rows that a network learns from or judges. */
export interface Rows {
  readonly size: number;
  readonly width: number;
  /** Row `index`; may change when the next one is asked for. */
  readonly row: (index: number) => Float32Array;
  /** 1 for a member. Not asked for when the network judges. */
  readonly membership: (index: number) => number;
}

export interface AttackTraining extends Required<NetworkTraining> {
  readonly hidden: number;
}

/** FC(width, hidden) ReLU FC(hidden, 2); softmax is in the loss. Weights start as in Torch, which the paper used. */
export const attackNetwork = (width: number, hidden: number, seed: string): Graph => {
  const graph = new Graph('shokri');
  const posteriors = graph.input('posteriors', 'float32', ['N', width]);
  const inner = ops.Relu(nn.dense(posteriors, { name: 'hidden', seed, units: hidden }));
  graph.output('logits', nn.dense(inner, { name: 'out', seed, units: 2 }));
  return graph;
};

const inputsOf = (rows: Rows) => denseRows('posteriors', rows, rows.row);

/** @param onEpoch called after each epoch with its mean loss */
export const trainAttackModel = (
  rows: Rows,
  training: AttackTraining,
  seed: string,
  context: AttackContext,
  onEpoch: (loss: number) => void,
): Promise<Graph> =>
  fitAttackNetwork(
    attackNetwork(rows.width, training.hidden, seed),
    { ...inputsOf(rows), membership: rows.membership },
    training,
    { ...context, seed },
    (_, loss) => onEpoch(loss),
  );

/** Logit of "member" minus logit of "non-member", for each row: 0 is even odds. */
export const memberScores = (model: Graph, rows: Rows, context: AttackContext): Promise<Float64Array> =>
  scoreRows(model, inputsOf(rows), context);
