import { createSession, Graph, stream, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { linearModel, spaceOf } from '../../../audit/selftest/bench/inversion-targets.ts';
import { type CostOptions, costGraph } from './cost-graph.ts';
import { roughnessOf } from './roughness.ts';

const shape = [2, 3, 4];
const size = 24;
const space = spaceOf(shape, [-1, 3]);
const weights = [0, 1, 2].map((c) => [...stream(c, 'weights').normal(new Float32Array(size))]);
const rows = stream(1, 'rows').uniform(new Float32Array(2 * size));
const labels = [2, 0];

/** Mean of √(∂₁² + ∂₂² + ε²) − ε over all places of one picture, in units of the range. */
const roughness = (x: ArrayLike<number>, [channels, height, width] = shape as [number, number, number]) => {
  const at = (c: number, i: number, j: number) => x[(c * height + i) * width + j]! / 4;
  let sum = 0;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        const down = i + 1 < height ? at(c, i + 1, j) - at(c, i, j) : 0;
        const right = j + 1 < width ? at(c, i, j + 1) - at(c, i, j) : 0;
        sum += Math.sqrt(down ** 2 + right ** 2 + 1e-6) - 1e-3;
      }
  return sum / (channels * height * width);
};

const costOf = (x: ArrayLike<number>, label: number, { objective, smoothness }: CostOptions) => {
  const logits = weights.map((w) => w.reduce((sum, v, j) => sum + v * x[j]!, 0));
  const p = Math.exp(logits[label]!) / logits.reduce((sum, z) => sum + Math.exp(z), 0);
  return (objective === 'log' ? -Math.log(p) : 1 - p) + smoothness * roughness(x);
};

describe('costGraph', () => {
  it.each([
    { objective: 'probability', smoothness: 0 },
    { objective: 'log', smoothness: 0 },
    { objective: 'probability', smoothness: 3 },
    { objective: 'log', smoothness: 0.5 },
  ] as const)('has the gradient of $objective with smoothness $smoothness in each row', async (options) => {
    const session = await createSession(costGraph(linearModel(shape, weights), space, options));
    const outputs = await session.run({
      x: { dtype: 'float32', dims: [2, ...shape], data: rows },
      y: { dtype: 'int64', dims: [2], data: BigInt64Array.from(labels, BigInt) },
    });
    await session.dispose();
    const gradient = outputs['gradient']?.data as Float32Array;
    const h = 1e-5;
    labels.forEach((label, i) => {
      const x = Float64Array.from(rows.subarray(i * size, (i + 1) * size));
      for (let j = 0; j < size; j++) {
        const at = (by: number) => costOf(x.with(j, x[j]! + by), label, options);
        expect(Math.abs((at(h) - at(-h)) / (2 * h) - gradient[i * size + j]!)).toBeLessThan(2e-5);
      }
      if (options.smoothness > 0)
        expect((outputs['roughness']!.data as Float32Array)[i]).toBeCloseTo(roughness(x), 5);
    });
    expect('roughness' in outputs).toBe(options.smoothness > 0);
  });
});

describe('roughnessOf', () => {
  it.each([
    [1, 1, 4],
    [1, 4, 1],
    [3, 2, 2],
  ])('knows pictures of %i×%i×%i', async (...recordShape) => {
    const graph = new Graph('roughness');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    graph.output('roughness', roughnessOf(x, spaceOf(recordShape, [-1, 3])));
    const session = await createSession(graph);
    const length = recordShape.reduce((a, b) => a * b, 1);
    const data = stream(2, 'picture').normal(new Float32Array(length));
    const run = async (values: Float32Array) => {
      const found = await session.run({ x: { dtype: 'float32', dims: [1, ...recordShape], data: values } });
      return ((found['roughness'] as Tensor).data as Float32Array)[0];
    };
    expect(await run(data)).toBeCloseTo(roughness(data, recordShape as [number, number, number]), 5);
    expect(await run(new Float32Array(length).fill(2))).toBeCloseTo(0, 6);
    await session.dispose();
  });
});
