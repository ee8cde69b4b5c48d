import { createSession, float32, floats, Graph, gradients, ops, stream, type Tensor } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { mixupMmdLoss, squaredMmd } from './mmd-loss.ts';

const N = 7;
const C = 3;

const drawn = (purpose: string, width: number) =>
  stream(5, purpose)
    .normal(new Float32Array(N * width))
    .map((value) => 2 * value);
const softmax = (row: readonly number[]) => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};
const rowsOf = (values: ArrayLike<number>, width: number) =>
  Array.from({ length: N }, (_, i) => Array.from({ length: width }, (_, k) => values[i * width + k]!));

/** Pair by pair. */
const bruteMmd = (a: readonly number[][], b: readonly number[][]) => {
  const kernel = (u: readonly number[], v: readonly number[]) =>
    Math.exp(-u.reduce((sum, value, k) => sum + (value - v[k]!) ** 2, 0) / 2);
  const mean = (x: readonly number[][], y: readonly number[][]) =>
    x.reduce((sum, u) => sum + y.reduce((inner, v) => inner + kernel(u, v), 0), 0) / (x.length * y.length);
  return mean(a, a) + mean(b, b) - 2 * mean(a, b);
};

/** The batch mean of the loss, by hand; `held` gives the strangers' posteriors. */
const meanLoss = (output: ArrayLike<number>, q: ArrayLike<number>, weight: number) => {
  const all = rowsOf(output, 3 * C);
  const part = (from: number) => all.map((row) => softmax(row.slice(from, from + C)));
  const targets = rowsOf(q, C);
  const fit = part(C).reduce(
    (sum, p, i) => sum - p.reduce((inner, share, c) => inner + targets[i]![c]! * Math.log(share), 0),
    0,
  );
  return fit / N + weight * bruteMmd(part(0), part(2 * C));
};

const output = drawn('output', 3 * C);
const q = Float32Array.from(rowsOf(drawn('q', C), C).flatMap(softmax));

const run = async (weight: number) => {
  const graph = new Graph();
  const z = graph.input('z', 'float32', ['N', 3 * C]);
  const loss = mixupMmdLoss(C, weight).perExample(z, graph.input('q', 'float32', ['N', C]));
  graph.output('loss', loss);
  graph.output('slope', gradients(ops.ReduceMean(loss, undefined, { keepdims: false }), [z])[0]!);
  const session = await createSession(graph);
  const result = await session.run({ z: float32([N, 3 * C], output), q: float32([N, C], q) });
  await session.dispose();
  return { loss: floats(result['loss'] as Tensor), slope: floats(result['slope'] as Tensor) };
};

describe('the loss of mixup-mmd', () => {
  test.each([0, 3])('is cross-entropy and MMD² pair by pair (weight %f)', async (weight) => {
    const { loss } = await run(weight);
    expect(loss.reduce((a, b) => a + b) / N).toBeCloseTo(meanLoss(output, q, weight), 5);
  });

  test('has the slope of finite differences, and none for strangers', async () => {
    const { slope } = await run(3);
    const step = 1e-4;
    let largest = 0;
    for (let at = 0; at < output.length; at++) {
      const moved = (by: number) =>
        meanLoss(
          Float64Array.from(output, (v, i) => (i === at ? v + by : v)),
          q,
          3,
        );
      const difference = (moved(step) - moved(-step)) / (2 * step);
      if (at % (3 * C) < 2 * C) expect(slope[at]).toBeCloseTo(difference, 5);
      else {
        expect(Math.abs(slope[at]!)).toBe(0);
        largest = Math.max(largest, Math.abs(difference));
      }
    }
    // They would have one.
    expect(largest).toBeGreaterThan(1e-3);
  });

  test('MMD² is 0 of a sample and itself, whatever its order', async () => {
    const graph = new Graph();
    const a = graph.input('a', 'float32', ['N', C]);
    const b = graph.input('b', 'float32', ['N', C]);
    graph.output('mmd', squaredMmd(a, b));
    const session = await createSession(graph);
    const rows = rowsOf(q, C);
    const tensor = (of: readonly number[][]) => float32([N, C], Float32Array.from(of.flat()));
    const result = await session.run({ a: tensor(rows), b: tensor([...rows].reverse()) });
    await session.dispose();
    expect(floats(result['mmd'] as Tensor)[0]).toBeCloseTo(0, 6);
  });
});
