/** How the attack networks of shadow attacks are trained on what is known of members, and what they say of others. */
import { adam, type BatchSource, fit, type Graph, losses, predict, type Tensor } from 'onnx-grad';
import type { AttackContext } from '../attack-context.ts';

/** What a network sees of records. */
export interface AttackRows {
  readonly size: number;
  /** The network's inputs for the rows at these indices, in their order. */
  readonly inputs: (indices: Uint32Array) => Readonly<Record<string, Tensor>>;
}

/** Rows of known membership. */
export interface KnownRows extends AttackRows {
  /** 1 for a member, 0 for a non-member. */
  readonly membership: (index: number) => number;
}

export interface NetworkTraining {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Weight λ of λ Σ θ² in the loss, biases included; 0 by default. */
  readonly l2?: number;
}

const source = ({ size, inputs }: AttackRows, membership: KnownRows['membership']): BatchSource => ({
  size,
  batch: (indices) => ({
    inputs: inputs(indices),
    target: {
      dtype: 'int64',
      dims: [indices.length],
      data: BigInt64Array.from(indices, (index) => BigInt(membership(index))),
    },
  }),
});

/**
 * Adam on the cross-entropy of two logits, the member's second.
 * @param onEpoch called after each epoch, counted from 1, with its mean loss
 */
export const fitAttackNetwork = async (
  network: Graph,
  rows: KnownRows,
  { epochs, batchSize, learningRate, l2 = 0 }: NetworkTraining,
  {
    seed,
    threads,
    device,
    signal,
  }: Omit<AttackContext, 'seed' | 'progress'> & { readonly seed: number | string },
  onEpoch: (epoch: number, loss: number) => void,
): Promise<Graph> => {
  const { model } = await fit({
    model: network,
    loss: losses.crossEntropy(),
    // The gradient of λ Σ θ² is 2 λ θ.
    optimizer: adam({ learningRate, weightDecay: 2 * l2 }),
    data: source(rows, rows.membership),
    epochs,
    batchSize,
    seed,
    session: { threads, device },
    signal,
    onEvent: (event) => {
      if (event.type === 'epoch') onEpoch(event.epoch + 1, event.loss);
    },
  });
  return model;
};

/**
 * Logit of "member" minus logit of "non-member" for each row: 0 is even odds.
 * @param batchSize rows of one run
 */
export const scoreRows = async (
  model: Graph,
  rows: AttackRows,
  { threads, device, signal }: Pick<AttackContext, 'threads' | 'device' | 'signal'>,
  batchSize?: number,
): Promise<Float64Array> => {
  const { data } = await predict(
    model,
    source(rows, () => 0),
    {
      ...{ threads, device, signal },
      ...(batchSize !== undefined && { batchSize }),
    },
  );
  const logits = data as Float32Array;
  return Float64Array.from(
    { length: rows.size },
    (_, i) => (logits[2 * i + 1] as number) - (logits[2 * i] as number),
  );
};

/** Rows of one width as one input of the network. */
export const denseRows = (
  name: string,
  { size, width }: { readonly size: number; readonly width: number },
  row: (index: number) => Float32Array,
): AttackRows => ({
  size,
  inputs: (indices) => {
    const data = new Float32Array(indices.length * width);
    indices.forEach((index, i) => {
      data.set(row(index), i * width);
    });
    return { [name]: { dtype: 'float32', dims: [indices.length, width], data } };
  },
});
