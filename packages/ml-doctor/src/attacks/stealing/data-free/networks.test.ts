import { float32, stream, type Tensor } from 'onnx-grad';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untrainedPair } from '../../../generators/networks.ts';
import { architectures } from '../../../models/architectures.ts';
import { moved, pseudoGradient, unitDirections } from './forward-differences.ts';
import { evenLabels } from './generator-graphs.ts';
import { type Networks, openNetworks, type Tensors } from './networks.ts';
import { rateFactor } from './rates.ts';

const [length, classes, rows] = [3, 3, 32];
const space = {
  recordShape: [length],
  bounds: { low: Float32Array.of(-1, -1, -1), high: Float32Array.of(1, 1, 1) },
  oneHot: [],
  features: 'numeric' as const,
};
const view = { centre: new Float32Array(length), gain: new Float32Array(length).fill(1) };
const recipe = {
  ...{ batchSize: rows, directions: 1, epsilon: 1e-3, studentSteps: 1, replays: 0 },
  ...{ studentLearningRate: 0.1, generatorLearningRate: 1e-2, latent: 4, width: 4 },
};
const z = float32([rows, 4], stream(1, 'z').normal(new Float32Array(rows * 4)));
const y = evenLabels(stream(1, 'y'), rows, classes);
const none = float32([rows, length], new Float32Array(rows * length));

const open = (diversity: number): Promise<Networks> =>
  openNetworks(
    {
      generator: untrainedPair({ space, view, latent: 4, width: 4, classes, seed: 1 }).generator,
      ...{ space, recipe: { ...recipe, diversity }, seed: 1 },
      student: architectures['logistic-regression'].build({ recordShape: [length], classes, seed: 5 }),
    },
    { threads: 1 },
  );
const x = async (networks: Networks, tensors: Tensors): Promise<Tensor> =>
  float32([rows, length], await networks.make(tensors, z, y));

describe('the networks of a theft', () => {
  let plain: Networks;
  let spreading: Networks;
  beforeAll(async () => {
    plain = await open(0);
    spreading = await open(1);
  });
  afterAll(async () => {
    await plain.dispose();
    await spreading.dispose();
  });

  it('climb the disagreement by what is known of the student', async () => {
    const target = float32(
      [rows, classes],
      new Float32Array(rows * classes).map((_, i) => (i % 3) - 1),
    );
    let tensors = plain.initialTensors;
    const found: number[] = [];
    for (let step = 1; step <= 20; step++) {
      const stepped = await plain.climb(tensors, { z, y, game: 1, target, slopes: none }, step, 1);
      ({ tensors } = stepped);
      found.push(stepped.disagreement);
    }
    expect(found.at(-1) as number).toBeGreaterThan((found[0] as number) + 0.02);
  });

  it.each([1, -1])('climb it by what is felt of the target (slope %i)', async (sign) => {
    // So far above the student that more of its first logit, ± (x₁ + x₂), is more disagreement.
    const targetAt = (values: Float32Array) => {
      const logits = new Float32Array((values.length / length) * classes);
      for (let i = 0; i < values.length / length; i++) {
        const sum = (values[i * length] as number) + (values[i * length + 1] as number);
        const first = 100 + 5 * sign * sum;
        logits.set([first, -first / 2, -first / 2], i * classes);
      }
      return logits;
    };
    const brightness = (values: Float32Array) =>
      values.reduce((sum, v, i) => (i % length < 2 ? sum + v : sum), 0) / rows;
    let tensors = plain.initialTensors;
    const before = brightness((await x(plain, tensors)).data as Float32Array);
    for (let step = 1; step <= 20; step++) {
      const records = await x(plain, tensors);
      const values = records.data as Float32Array;
      const directions = unitDirections(stream(2, 'directions', step), rows * 8, length);
      const here = targetAt(values);
      const there = targetAt(moved(values, directions, 0.01, space));
      const copy = await plain.answer(tensors, records);
      const slopes = pseudoGradient({ directions, epsilon: 0.01, here, there, copy, classes });
      const feeds = { z, y, game: 1, target: float32([rows, classes], here) };
      const rise = float32([rows, length], slopes);
      ({ tensors } = await plain.climb(tensors, { ...feeds, slopes: rise }, step, 1));
    }
    const after = brightness((await x(plain, tensors)).data as Float32Array);
    expect(sign * (after - before)).toBeGreaterThan(0.2);
  });

  it('spread the records over the classes as the student sees them', async () => {
    const target = float32([rows, classes], new Float32Array(rows * classes));
    const hits = async (tensors: Tensors) => {
      const logits = await spreading.answer(tensors, await x(spreading, tensors));
      return Array.from(y.data as BigInt64Array, Number).filter((label, i) => {
        const row = [...logits.subarray(i * classes, (i + 1) * classes)];
        return row.indexOf(Math.max(...row)) === label;
      }).length;
    };
    let tensors = spreading.initialTensors;
    for (let step = 1; step <= 150; step++)
      ({ tensors } = await spreading.climb(tensors, { z, y, game: 0, target, slopes: none }, step, 1));
    expect(await hits(spreading.initialTensors)).toBeLessThan(0.5 * rows);
    expect(await hits(tensors)).toBeGreaterThan(0.7 * rows);
  });

  it('lead the student to the answers, and leave the generator alone', async () => {
    let tensors = plain.initialTensors;
    const records = await x(plain, tensors);
    const target = float32(
      [rows, classes],
      new Float32Array(rows * classes).map((_, i) => (i % 3) - 1),
    );
    const found: number[] = [];
    for (let step = 1; step <= 30; step++) {
      const stepped = await plain.learn(tensors, records, target, step, 1);
      ({ tensors } = stepped);
      found.push(stepped.disagreement);
    }
    expect(found.at(-1) as number).toBeLessThan(0.3 * (found[0] as number));
    expect((await x(plain, tensors)).data).toEqual(records.data);
    expect(await plain.answer(tensors, records)).not.toEqual(
      await plain.answer(plain.initialTensors, records),
    );
  });
});

it('rates fall to .3 after 10, 30 and 50 % of the queries', () => {
  expect([0, 99, 100, 299, 300, 499, 500, 1000].map((asked) => rateFactor(asked, 1000))).toEqual(
    [1, 1, 0.3, 0.3, 0.09, 0.09, 0.027, 0.027].map((v) => expect.closeTo(v, 10)),
  );
});
