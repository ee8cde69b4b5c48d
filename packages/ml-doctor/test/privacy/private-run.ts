/** A private training that takes a moment, on records that show in it as plainly as any record can. */
import { type FitPrivacy, fit, float32, Graph, losses, nn, sgd, stream, type Tensor } from 'onnx-grad';

/** Records that may be trained on. Each has a feature of its own, so that nothing else moves the weights there. */
export const CANARIES = 1000;
/** Value of a record's feature: its gradient's norm is √½ · √(SCALE² + 1) where the model is undecided. */
const SCALE = 10;
/** Steps so small that the model stays undecided: every step shows as much as the first. */
const RATE = 1e-4;
const EPOCHS = 4;

export interface AuditedRun {
  /** What the weights of each record's own feature moved towards its label, in all steps. */
  readonly scores: Float64Array;
  /** 1 for a record that was trained on, each by a fair coin. */
  readonly truth: Uint32Array;
  readonly sampleRate: number;
  readonly steps: number;
  /** Norm of the mean of a batch's gradients, unclipped: they are orthogonal but for the bias, which adds little. */
  readonly meanNorm: number;
}

/** DP-SGD by `fit` on the records that the coins of `seed` let in, a record with probability ½ in each of 8 steps. */
export async function privateRun(seed: number, privacy: FitPrivacy): Promise<AuditedRun> {
  const truth = stream(seed, 'audit', 'coins').integers(new Uint32Array(CANARIES), 2);
  const labels = stream(seed, 'audit', 'labels').integers(new Uint32Array(CANARIES), 2);
  const records = Uint32Array.from(truth.keys()).filter((id) => truth[id] === 1);
  const model = new Graph('dirac');
  const x = model.input('x', 'float32', ['N', CANARIES]);
  model.output('logits', nn.dense(x, { name: 'fc', seed, units: 2 }));
  const batchSize = Math.round(records.length / 2);
  const before = weightsOf(model);
  const { model: trained, steps } = await fit({
    model,
    loss: losses.crossEntropy(),
    // Times the batch size, by which a step divides: how many records there are shows in no weight.
    optimizer: sgd({ learningRate: RATE * batchSize }),
    data: {
      size: records.length,
      batch: (at) =>
        diracBatch(
          at.map((i) => records[i]!),
          labels,
        ),
    },
    ...{ epochs: EPOCHS, batchSize, seed, privacy },
    session: { threads: 1 },
  });
  const after = weightsOf(trained);
  const moved = (id: number, unit: number) => after[unit * CANARIES + id]! - before[unit * CANARIES + id]!;
  const label = (id: number) => labels[id]!;
  return {
    scores: Float64Array.from(
      { length: CANARIES },
      (_, id) => moved(id, label(id)) - moved(id, 1 - label(id)),
    ),
    truth,
    sampleRate: batchSize / records.length,
    steps,
    meanNorm: RECORD_NORM / Math.sqrt(batchSize),
  };
}

/** Norm of one record's gradient where the model is undecided. */
export const RECORD_NORM = Math.SQRT1_2 * Math.sqrt(SCALE ** 2 + 1);

const weightsOf = (model: Graph): Float32Array => {
  const weights = [...model.parameters]
    .map((name) => model.initializers.get(name) as Tensor)
    .find(({ dims }) => dims.length === 2 && dims[1] === CANARIES);
  if (!weights) throw new Error('internal: no weights of one column a record');
  return weights.data as Float32Array;
};

const diracBatch = (ids: Uint32Array, labels: Uint32Array) => {
  const rows = new Float32Array(ids.length * CANARIES);
  ids.forEach((id, row) => {
    rows[row * CANARIES + id] = SCALE;
  });
  return {
    inputs: { x: float32([ids.length, CANARIES], rows) },
    target: {
      dtype: 'int64' as const,
      dims: [ids.length],
      data: BigInt64Array.from(ids, (id) => BigInt(labels[id]!)),
    },
  };
};
