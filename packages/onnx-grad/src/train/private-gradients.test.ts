/** The gradient of DP-SGD against the same sum in double precision, one example at a time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, draws } from '../../test/gradients/draws.ts';
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import { ReduceSum, Relu } from '../graph/ops/index.ts';
import { elementCount, float32, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { conv2d, dense, flatten } from '../nn/layers.ts';
import { meanSquaredError } from '../nn/losses.ts';
import { sgd } from '../optim/sgd.ts';
import { createSession } from '../runtime/session.ts';
import { stepFeeds } from './step-feeds.ts';
import { buildTrainingStep } from './training-step.ts';

const model = (): Graph => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2, 4, 4]);
  const hidden = Relu(conv2d(x, { name: 'c', seed: 1, channels: 3, kernel: 3 }));
  graph.output('y', dense(flatten(hidden), { name: 'f', seed: 1, units: 2 }));
  return graph;
};

/** Gradient of one example's loss for each parameter. */
const oneExample = async (): Promise<(x: Tensor, target: Tensor) => Promise<Float64Array[]>> => {
  const graph = model();
  const y = graph.outputs.get('y') as Value;
  const loss = meanSquaredError().perExample(y, graph.input('t', 'float32', ['N', 2]));
  const parameters = [...graph.parameters];
  const total = ReduceSum(loss, undefined, { keepdims: false });
  gradients(
    total,
    parameters.map((name) => graph.value(name)),
  ).forEach((slope, i) => {
    graph.output(`g${i}`, slope);
  });
  const session = await createSession(graph);
  return async (x, t) => {
    const results = await session.run({ x, t });
    return parameters.map((_, i) => Float64Array.from(results[`g${i}`]?.data as Float32Array));
  };
};

const shape = fc.record({
  examples: fc.integer({ min: 1, max: 5 }),
  padding: fc.integer({ min: 0, max: 2 }),
  clipNorm: fc.constantFrom(0.05, 0.5, 100),
  noiseMultiplier: fc.constantFrom(0, 1.3),
  expectedBatch: fc.constantFrom(1, 3.5, 8),
  seed: fc.nat(),
});

describe('privateGradients', () => {
  test('clips each example over all parameters together, sums, adds noise, divides', async () => {
    const gradientOf = await oneExample();
    await fc.assert(
      fc.asyncProperty(shape, async ({ examples, padding, seed, ...privacy }) => {
        const draw = draws(seed);
        const fill = (dims: readonly number[]) => float32(dims, between(-1, 1)(elementCount(dims), draw));
        const optimizer = sgd({ learningRate: 1 });
        const step = buildTrainingStep(model(), { loss: meanSquaredError(), optimizer, privacy });
        const records = examples + padding;
        const [x, target] = [fill([records, 2, 4, 4]), fill([records, 2])];
        const weights = new Float32Array(records).fill(1, 0, examples);
        const noise = step.noise.map(({ dims }) => fill(dims));
        const state = step.initialState();
        const session = await createSession(step.graph);
        const results = await session.run({
          ...Object.fromEntries(state),
          ...stepFeeds(step, optimizer, { records, step: 0, learningRate: 1, seed }),
          ...Object.fromEntries(
            step.noise.map(({ input, dims, deviation }, i) => [
              input,
              float32(
                dims,
                ((noise[i] as Tensor).data as Float32Array).map((z) => deviation * z),
              ),
            ]),
          ),
          x,
          [step.target]: target,
          [step.weights]: float32([records], weights),
        });
        await session.dispose();

        const { clipNorm, noiseMultiplier, expectedBatch } = privacy;
        const sums = noise.map(({ data }) =>
          Float64Array.from(data as Float32Array, (z) => noiseMultiplier * clipNorm * z),
        );
        for (let i = 0; i < examples; i++) {
          const row = (t: Tensor, size: number): Tensor =>
            float32([1, ...t.dims.slice(1)], (t.data as Float32Array).slice(i * size, (i + 1) * size));
          const example = await gradientOf(row(x, 32), row(target, 2));
          const norm = Math.sqrt(example.reduce((sum, g) => sum + g.reduce((a, b) => a + b * b, 0), 0));
          const factor = Math.min(1, clipNorm / norm);
          example.forEach((g, k) => {
            g.forEach((value, j) => {
              (sums[k] as Float64Array)[j] = ((sums[k] as Float64Array)[j] as number) + factor * value;
            });
          });
        }
        step.noise.forEach(({ parameter }, k) => {
          // With learning rate 1 the step is the gradient.
          const before = state.get(parameter)?.data as Float32Array;
          const after = results[step.state.get(parameter) as string]?.data as Float32Array;
          const largest = Math.max(...(sums[k] as Float64Array).map(Math.abs)) / expectedBatch;
          before.forEach((value, j) => {
            const expected = ((sums[k] as Float64Array)[j] as number) / expectedBatch;
            const error = Math.abs(value - (after[j] as number) - expected);
            expect(error, `${parameter}[${j}]`).toBeLessThan(1e-6 + 2e-5 * largest);
          });
        });
      }),
      { numRuns: 15 },
    );
  });

  test('refuses settings that bound nothing', () => {
    const good = { clipNorm: 1, noiseMultiplier: 1, expectedBatch: 4 };
    for (const change of [
      { clipNorm: 0 },
      { clipNorm: Number.NaN },
      { clipNorm: Number.POSITIVE_INFINITY },
      { noiseMultiplier: -1 },
      { noiseMultiplier: Number.NaN },
      { expectedBatch: 0 },
    ])
      expect(() =>
        buildTrainingStep(model(), {
          loss: meanSquaredError(),
          optimizer: sgd({ learningRate: 1 }),
          privacy: { ...good, ...change },
        }),
      ).toThrow(expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }));
  });
});
