import fc from 'fast-check';
import { createSession, float32, floats, Graph, gradients, ops, type Tensor } from 'onnx-grad';
import { expect, test } from 'vitest';
import { heldConstant } from './held-constant.ts';

const run = async (values: Float32Array) => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N']);
  const held = heldConstant(x);
  graph.output('held', held);
  graph.output('slope', gradients(ops.ReduceSum(ops.Mul(held, x), undefined, { keepdims: false }), [x])[0]!);
  const session = await createSession(graph);
  const result = await session.run({ x: float32([values.length], values) });
  await session.dispose();
  return [floats(result['held'] as Tensor), floats(result['slope'] as Tensor)] as const;
};

test('numbers pass as they are, those below 2^-37 to 2^-61', async () => {
  const number = fc.tuple(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), fc.integer({ min: -80, max: 20 }));
  const values = Float32Array.from(fc.sample(number, 300), ([m, e]) => m * 2 ** e);
  const [held] = await run(values);
  values.forEach((value, i) => {
    const error = Math.abs(held[i]! - value);
    expect(error).toBeLessThanOrEqual(Math.abs(value) >= 2 ** -37 || value === 0 ? 0 : 2 ** -61);
  });
});

test('no gradient passes: d(sg[x] x) = sg[x], not 2x', async () => {
  const values = Float32Array.of(-3, 0.25, 1e-3, 17);
  const [, slope] = await run(values);
  expect([...slope]).toEqual([...values]);
});
