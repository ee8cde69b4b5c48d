/** What a private step must do, record by record, in double precision: plain gradients of batches of one. */
import { Graph } from '../../src/graph/graph.ts';
import { Add, GlobalAveragePool, Relu } from '../../src/graph/ops/index.ts';
import { elementCount, float32, int64, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { batchNorm, conv2d, dense, dropout, flatten, maxPool2d } from '../../src/nn/layers.ts';
import { crossEntropy } from '../../src/nn/losses.ts';
import { sgd } from '../../src/optim/sgd.ts';
import { stream } from '../../src/random/stream.ts';
import { createSession } from '../../src/runtime/session.ts';
import type { BatchSource } from '../../src/train/batches.ts';
import { buildTrainingStep, scalarInput } from '../../src/train/training-step.ts';
import { type Draw, draws } from '../gradients/draws.ts';

/** Everything the product's networks are made of: a stem, a pool, a residual block with a projection, dropout. */
export const residualModel = (): Graph => {
  const graph = new Graph('residual');
  const seed = 3;
  const convolve = (x: Value, name: string, channels: number, stride = 1, kernel = 3) =>
    batchNorm(
      conv2d(x, { name: `${name}.conv`, seed, channels, kernel, stride, padding: kernel >> 1, bias: false }),
      { name: `${name}.norm`, seed },
    );
  const x = graph.input('x', 'float32', ['N', 2, 8, 8]);
  const stem = maxPool2d(Relu(convolve(x, 'stem', 8)), { size: 2 });
  const inner = convolve(Relu(convolve(stem, 'first', 16, 2)), 'second', 16);
  const sum = Relu(Add(inner, convolve(stem, 'shortcut', 16, 2, 1)));
  const means = dropout(flatten(GlobalAveragePool(sum)), { rate: 0.4 });
  graph.output('logits', dense(means, { name: 'fc', seed, units: 3 }));
  return graph;
};

/** Small pictures and labels; some records are large, so that clipping meets some and not others. */
export const pictures = (size: number, dims: readonly number[] = [2, 8, 8]): BatchSource => {
  const draw: Draw = draws(11);
  const width = elementCount(dims);
  const rows = Array.from({ length: size }, (_, i) =>
    Array.from({ length: width }, () => (i % 3 === 0 ? 6 : 1) * (2 * draw() - 1)),
  );
  return {
    size,
    batch: (indices) => ({
      inputs: {
        x: float32([indices.length, ...dims], Array.from(indices, (i) => rows[i] as number[]).flat()),
      },
      target: int64(
        [indices.length],
        Array.from(indices, (i) => i % 3),
      ),
    }),
  };
};

export interface ExpectedGradient {
  readonly name: string;
  /** Σᵢ clipped gᵢ, without noise and undivided. */
  readonly sum: Float64Array;
}

let opened: ReturnType<typeof open> | undefined;

const open = async (model: Graph) => {
  const training = buildTrainingStep(model, { loss: crossEntropy(), optimizer: sgd({ learningRate: 1 }) });
  return { training, session: await createSession(training.graph) };
};

/** Of one model's graph, whatever its weights: sums of clipped gradients of these records in step `step`, each found alone; Infinity clips nothing. */
export const clippedOneByOne = async (
  model: Graph,
  data: BatchSource,
  records: ArrayLike<number>,
  { clipNorm, seed, step }: { readonly clipNorm: number; readonly seed: number; readonly step: number },
): Promise<{ readonly gradients: readonly ExpectedGradient[]; readonly clipped: number }> => {
  opened ??= open(model);
  const { training, session } = await opened;
  const state = new Map([...model.parameters].map((name) => [name, model.initializers.get(name) as Tensor]));
  const sums = [...model.parameters].map((name) => ({
    name,
    sum: new Float64Array((state.get(name) as Tensor).data.length),
  }));
  const masks = training.masks.map(({ keep, shape }, layer) =>
    stream(seed, 'dropout', layer, step).bernoulli(
      new Float32Array(records.length * elementCount(shape)),
      keep,
      1 / keep,
    ),
  );
  let clipped = 0;
  for (let row = 0; row < records.length; row++) {
    const { inputs, target } = data.batch(Uint32Array.of(records[row] as number));
    const results = await session.run({
      ...Object.fromEntries(state),
      ...inputs,
      [training.target]: target,
      [training.weights]: float32([1], [1]),
      [scalarInput('learningRate')]: float32([], [1]),
      ...Object.fromEntries(
        training.masks.map(({ input, shape }, layer) => {
          const size = elementCount(shape);
          return [
            input,
            float32([1, ...shape], (masks[layer] as Float32Array).slice(row * size, (row + 1) * size)),
          ];
        }),
      ),
    });
    // With learning rate 1 the step is the gradient.
    const gradients = sums.map(({ name }) => {
      const after = results[training.state.get(name) as string]?.data as Float32Array;
      return Float64Array.from(
        (state.get(name) as Tensor).data as Float32Array,
        (w, j) => w - (after[j] as number),
      );
    });
    const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((a, b) => a + b * b, 0), 0));
    const factor = Math.min(1, clipNorm / norm);
    if (factor < 1) clipped++;
    gradients.forEach((g, k) => {
      const { sum } = sums[k] as ExpectedGradient;
      g.forEach((value, j) => {
        sum[j] = (sum[j] as number) + factor * value;
      });
    });
  }
  return { gradients: sums, clipped };
};
