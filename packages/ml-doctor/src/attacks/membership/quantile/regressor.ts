/** The network that learns from records nobody trained on how the target answers such a record. */
import { adam, type BatchSource, fit, float32, Graph, nn, ops, predict, stream } from 'onnx-grad';
import { expNegative } from '../../../stats/log-posterior.ts';
import type { AttackContext } from '../../attack-context.ts';
import { gaussianLoss, pinballLoss } from './losses.ts';

export interface Rows {
  /** `size × width`, row-major. */
  readonly values: Float32Array;
  readonly size: number;
  readonly width: number;
}

export interface Training {
  readonly loss: 'gaussian' | 'pinball';
  /** Share of the distribution above the quantile; for the pinball loss. */
  readonly alpha: number;
  /** Units of each of the two hidden layers. */
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** What records like this one score when the target was not trained on them. */
export interface Expected {
  /** The mean; with the pinball loss the quantile. */
  readonly centre: Float64Array;
  /** Standard deviation; all 1 with the pinball loss. */
  readonly deviation: Float64Array;
}

export interface Regressor {
  readonly expect: (rows: Rows) => Promise<Expected>;
  /** Rows kept out of the training, by which the best epoch was chosen. */
  readonly heldOut: Uint32Array;
}

/** One row in so many is held out. */
const HELD_OUT = 5;
/** ln σ, in units of the scores' own deviation, stays within ±: no record can get a likelihood without bound. */
const MOST_LOG_DEVIATION = 4;

const network = (width: number, { loss, hidden }: Training, seed: number): Graph => {
  const graph = new Graph('quantile-regressor');
  let x = graph.input('x', 'float32', ['N', width]);
  for (const name of ['hidden1', 'hidden2']) x = ops.Relu(nn.dense(x, { name, seed, units: hidden }));
  const centre = nn.dense(x, { name: 'centre', seed, units: 1 });
  if (loss === 'pinball') {
    graph.output('expected', centre);
    return graph;
  }
  const limit = graph.scalar(MOST_LOG_DEVIATION);
  const free = nn.dense(x, { name: 'deviation', seed, units: 1 });
  graph.output('expected', ops.Concat([centre, ops.Mul(limit, ops.Tanh(ops.Div(free, limit)))], 1));
  return graph;
};

/**
 * Learns the scores (one a row), standardised; keeps the weights of the epoch with the least loss on the rows held out.
 * Of fewer than five rows none is held out.
 */
export const trainRegressor = async (
  rows: Rows,
  scores: Float64Array,
  training: Training,
  { seed, threads, device, signal, progress }: AttackContext,
): Promise<Regressor> => {
  const { loss, alpha, epochs, batchSize, learningRate, weightDecay } = training;
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const spread = Math.sqrt(scores.reduce((sum, s) => sum + (s - mean) ** 2, 0) / scores.length) || 1;
  const order = stream(seed, 'quantile', 'held out').permutation(rows.size);
  const kept = Math.floor(rows.size / HELD_OUT);
  const heldOut = order.slice(0, kept);
  const part = (chosen: Uint32Array): BatchSource => ({
    size: chosen.length,
    batch: (positions) => {
      const indices = positions.map((i) => chosen[i] as number);
      return {
        inputs: inputsOf(rows, indices),
        target: float32(
          [indices.length, 1],
          Float32Array.from(indices, (i) => ((scores[i] as number) - mean) / spread),
        ),
      };
    },
  });
  const { model } = await fit({
    model: network(rows.width, training, seed),
    loss: loss === 'gaussian' ? gaussianLoss() : pinballLoss(1 - alpha),
    optimizer: adam({ learningRate, weightDecay, decoupled: true }),
    data: part(order.slice(kept)),
    epochs,
    batchSize,
    seed,
    session: { threads, device },
    signal,
    // Never stops early: the best epoch is kept all the same.
    ...(kept > 0 && { validation: part(heldOut), earlyStopping: { patience: epochs } }),
    onEvent: (event) => {
      if (event.type === 'epoch')
        progress((event.epoch + 1) / epochs, { epoch: event.epoch + 1, loss: event.loss });
    },
  });
  return {
    heldOut,
    expect: async (asked) => {
      const source = {
        size: asked.size,
        batch: (indices: Uint32Array) => ({ inputs: inputsOf(asked, indices), target: float32([0], []) }),
      };
      const { data, dims } = await predict(model, source, { threads, device, signal, output: 'expected' });
      const width = dims[1] as number;
      const column = (j: number) =>
        Float64Array.from({ length: asked.size }, (_, i) => data[i * width + j] as number);
      return {
        centre: column(0).map((value) => mean + spread * value),
        deviation:
          loss === 'pinball'
            ? new Float64Array(asked.size).fill(1)
            : column(1).map((value) => spread * exp(value)),
      };
    },
  };
};

const exp = (x: number): number => (x <= 0 ? expNegative(x) : 1 / expNegative(-x));

const inputsOf = ({ values, width }: Rows, indices: Uint32Array) => {
  const data = new Float32Array(indices.length * width);
  indices.forEach((index, i) => {
    data.set(values.subarray(index * width, (index + 1) * width), i * width);
  });
  return { x: float32([indices.length, width], data) };
};
