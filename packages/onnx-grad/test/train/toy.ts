/** Small data sets and models for training tests, and training runs as bits. */
import { Graph } from '../../src/graph/graph.ts';
import { MatMul, Relu } from '../../src/graph/ops/index.ts';
import { float32, int64, type Tensor } from '../../src/graph/tensor.ts';
import { batchNorm, dense, dropout } from '../../src/nn/layers.ts';
import { crossEntropy } from '../../src/nn/losses.ts';
import { multiStep } from '../../src/optim/schedules.ts';
import { sgd } from '../../src/optim/sgd.ts';
import type { BatchSource } from '../../src/train/batches.ts';
import type { FitOptions, FitResult } from '../../src/train/fit.ts';
import { type Draw, draws } from '../gradients/draws.ts';

/** Rows of numbers and their targets, as a source for the input `x`. */
export const rowsSource = (
  rows: readonly (readonly number[])[],
  targets: readonly (readonly number[] | number)[],
): BatchSource => ({
  size: rows.length,
  batch: (indices) => {
    const picked = Array.from(indices, (i) => targets[i] as number | readonly number[]);
    const first = picked[0];
    return {
      inputs: { x: matrix(Array.from(indices, (i) => rows[i] as readonly number[])) },
      target:
        typeof first === 'number' ? int64([picked.length], picked as number[]) : matrix(picked as number[][]),
    };
  },
});

const matrix = (rows: readonly (readonly number[])[]): Tensor =>
  float32([rows.length, rows[0]?.length ?? 0], rows.flat());

const gaussian = (draw: Draw): number => Array.from({ length: 12 }, draw).reduce((a, b) => a + b, -6);

/** Three clouds of points in six dimensions; `spread` 1 overlaps, .2 does not. */
export const clouds = (records: number, seed: number, spread = 1): BatchSource & { labels: number[] } => {
  const draw = draws(seed);
  const labels = Array.from({ length: records }, (_, i) => i % 3);
  const rows = labels.map((label) =>
    Array.from({ length: 6 }, (_, j) => (j % 3 === label ? 2 : 0) + spread * gaussian(draw)),
  );
  return { ...rowsSource(rows, labels), labels };
};

/** Dense, batch normalisation, dropout, dense: everything a step keeps state or draws numbers for. */
export const cloudModel = (seed = 1): Graph => {
  const graph = new Graph('clouds');
  const x = graph.input('x', 'float32', ['N', 6]);
  const hidden = batchNorm(dense(x, { name: 'f1', seed, units: 8 }), { name: 'bn', seed });
  graph.output('logits', dense(dropout(Relu(hidden), { rate: 0.3 }), { name: 'f2', seed, units: 3 }));
  return graph;
};

/** Momentum, weight decay, a schedule, a shorter last batch, validation and early stopping, all at once. */
export const cloudOptions = (): FitOptions => ({
  model: cloudModel(),
  loss: crossEntropy(),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3 }),
  schedule: multiStep([1, 2]),
  data: clouds(23, 5),
  epochs: 3,
  batchSize: 5,
  seed: 42,
  validation: clouds(10, 6),
  earlyStopping: { patience: 2 },
});

/** y = w x with one weight, w at first 0: every step of its training has a closed form. */
export const lineModel = (): Graph => {
  const graph = new Graph('line');
  const w = graph.initializer('w', float32([1, 1], [0]), { trainable: true });
  graph.output('y', MatMul(graph.input('x', 'float32', ['N', 1]), w));
  return graph;
};

export const weightOf = (model: Graph): number => Number(model.initializers.get('w')?.data[0]);

/** Every stored number of the trained model and the whole history, as text that differs when one bit does. */
export const bitsOf = ({ model, history, steps, stoppedEarly }: FitResult): string =>
  JSON.stringify({
    steps,
    stoppedEarly,
    history: history.map((record) =>
      Object.entries(record).map(([key, value]) => [key, hex(Float64Array.of(value))]),
    ),
    tensors: [...model.initializers].map(([name, { data }]) => [name, hex(data as Float32Array)]),
  });

const hex = (data: Float32Array | Float64Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
