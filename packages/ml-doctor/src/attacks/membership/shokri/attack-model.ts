/** The attack network of Shokri et al.: posteriors in, one hidden layer, member or not out. */
import { adam, type BatchSource, fit, Graph, losses, nn, ops, predict } from 'onnx-grad';
import type { AttackContext } from '../../attack-context.ts';

/** Rows that a network learns from or judges. */
export interface Rows {
  readonly size: number;
  readonly width: number;
  /** Row `index`; may change when the next one is asked for. */
  readonly row: (index: number) => Float32Array;
  /** 1 for a member. Not asked for when the network judges. */
  readonly membership: (index: number) => number;
}

export interface AttackTraining {
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly l2: number;
}

/** FC(width, hidden) ReLU FC(hidden, 2); softmax is in the loss. Weights start as in Torch, which the paper used. */
export const attackNetwork = (width: number, hidden: number, seed: string): Graph => {
  const graph = new Graph('shokri');
  const posteriors = graph.input('posteriors', 'float32', ['N', width]);
  const inner = ops.Relu(nn.dense(posteriors, { name: 'hidden', seed, units: hidden }));
  graph.output('logits', nn.dense(inner, { name: 'out', seed, units: 2 }));
  return graph;
};

const source = ({ size, width, row, membership }: Rows): BatchSource => ({
  size,
  batch: (indices) => {
    const data = new Float32Array(indices.length * width);
    indices.forEach((index, i) => {
      data.set(row(index), i * width);
    });
    return {
      inputs: { posteriors: { dtype: 'float32', dims: [indices.length, width], data } },
      target: {
        dtype: 'int64',
        dims: [indices.length],
        data: BigInt64Array.from(indices, (index) => BigInt(membership(index))),
      },
    };
  },
});

/** @param onEpoch called after each epoch with its mean loss */
export const trainAttackModel = async (
  rows: Rows,
  { hidden, epochs, batchSize, learningRate, l2 }: AttackTraining,
  seed: string,
  { threads, device, signal }: AttackContext,
  onEpoch: (loss: number) => void,
): Promise<Graph> => {
  const { model } = await fit({
    model: attackNetwork(rows.width, hidden, seed),
    loss: losses.crossEntropy(),
    // The gradient of λ Σθ² is 2λθ; biases are in the sum.
    optimizer: adam({ learningRate, weightDecay: 2 * l2 }),
    data: source(rows),
    epochs,
    batchSize,
    seed,
    session: { threads, device },
    signal,
    onEvent: (event) => {
      if (event.type === 'epoch') onEpoch(event.loss);
    },
  });
  return model;
};

/** Logit of "member" minus logit of "non-member", for each row: 0 is even odds. */
export const memberScores = async (
  model: Graph,
  rows: Rows,
  { threads, device, signal }: AttackContext,
): Promise<Float64Array> => {
  const { data } = await predict(model, source({ ...rows, membership: () => 0 }), {
    threads,
    device,
    signal,
  });
  const logits = data as Float32Array;
  return Float64Array.from(
    { length: rows.size },
    (_, i) => (logits[2 * i + 1] as number) - (logits[2 * i] as number),
  );
};
