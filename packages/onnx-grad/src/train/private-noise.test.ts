/** The noise that a private training really adds, seen where all gradients are 0. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { zerosInit } from '../nn/initializers.ts';
import { dense } from '../nn/layers.ts';
import { meanSquaredError } from '../nn/losses.ts';
import { sgd } from '../optim/sgd.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { fit } from './fit.ts';

const [clipNorm, noiseMultiplier, batchSize] = [0.4, 1.5, 2];
/** What has been added to the parameters in each of two steps, in deviations that are due. */
const noise: Record<'first' | 'second', Float64Array>[] = [];

beforeAll(async () => {
  const graph = new Graph();
  const layer = { seed: 1, bias: false, weightInit: zerosInit };
  // Two linear layers of weight 0 on records of 0: no gradient, and none after the first step.
  const x = graph.input('x', 'float32', ['N', 1000]);
  const hidden = dense(x, { ...layer, name: 'first', units: 1000 });
  graph.output('y', dense(hidden, { ...layer, name: 'second', units: 500 }));
  let before: ReadonlyMap<string, Tensor> | undefined;
  await fit({
    model: graph,
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: 1 }),
    data: {
      size: 4,
      batch: ({ length }) => ({
        inputs: { x: float32([length, 1000], new Float32Array(1000 * length)) },
        target: float32([length, 500], new Float32Array(500 * length)),
      }),
    },
    epochs: 1,
    ...{ batchSize, seed: 6, privacy: { clipNorm, noiseMultiplier, microBatch: 1 } },
    checkpoint: {
      everySteps: 1,
      save: (bytes) => {
        const { state } = decodeCheckpoint(bytes);
        const added = (name: string) =>
          Float64Array.from(state.get(name)?.data as Float32Array, (value, i) => {
            const last = before ? Number((before.get(name) as Tensor).data[i]) : 0;
            return ((last - value) * batchSize) / (noiseMultiplier * clipNorm);
          });
        noise.push({ first: added('first.weight'), second: added('second.weight') });
        before = state;
      },
    },
  });
});

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const product = (a: Float64Array, b: Float64Array): number =>
  mean(b.map((value, i) => value * (a[i] as number)));

describe('the noise of a step', () => {
  test('has mean 0 and the variance that is due, to 1 % over a million draws', () => {
    expect(noise.length).toBe(2);
    for (const { first, second } of noise) {
      expect(first.length).toBe(1e6);
      expect(Math.abs(product(first, first) - 1)).toBeLessThan(0.01);
      expect(Math.abs(product(second, second) - 1)).toBeLessThan(0.01);
      // 4.5 standard errors: 7 in a million each.
      expect(Math.abs(mean(first))).toBeLessThan(4.5e-3);
      expect(Math.abs(mean(second))).toBeLessThan(6.4e-3);
    }
  });

  test('is Gaussian: as many as are due beyond 1, 2 and 3 deviations', () => {
    const { first } = noise[0] as { first: Float64Array };
    for (const [bound, share] of [
      [1, 0.317310508],
      [2, 0.045500264],
      [3, 0.002699796],
    ] as const) {
      const beyond = first.filter((z) => Math.abs(z) > bound).length;
      expect(Math.abs(beyond - 1e6 * share) / Math.sqrt(1e6 * share * (1 - share))).toBeLessThan(4.5);
    }
  });

  test('is another in another parameter and in another step', () => {
    const [one, two] = noise as [(typeof noise)[0], (typeof noise)[0]];
    const start = (values: Float64Array) => values.subarray(0, 500_000);
    expect(Math.abs(product(one.first, two.first))).toBeLessThan(4.5e-3);
    expect(Math.abs(product(one.second, two.second))).toBeLessThan(6.4e-3);
    for (const a of [one, two])
      for (const b of [one, two]) expect(Math.abs(product(start(a.first), b.second))).toBeLessThan(6.4e-3);
  });
});
