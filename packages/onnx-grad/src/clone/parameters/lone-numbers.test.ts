/** Which single numbers are taken for the architecture's, and which may have been learned. */
import { describe, expect, it } from 'vitest';
import { between, draws } from '../../../test/gradients/draws.ts';
import { Graph } from '../../graph/graph.ts';
import * as ops from '../../graph/ops/index.ts';
import { float32 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { analyseParameters } from '../parameters.ts';

type Use = (y: Value, number: Value) => Value;

/** Whether a number is reported where it stands behind a layer; a constant of the file in either form. */
const reported = (value: number, use: Use = ops.Mul, dims: readonly number[] = []): boolean => {
  const g = new Graph();
  const w = g.initializer(
    'w',
    float32(
      [6, 3],
      Array.from({ length: 18 }, (_, i) => 0.1 * i),
    ),
  );
  const y = ops.MatMul(g.input('x', 'float32', ['N', 6]), w);
  g.output('y', use(y, g.initializer('number', float32(dims, [value]))));
  const { loneNumbers, constants, parameters } = analyseParameters(g);
  expect(parameters.map(({ name }) => name)).toEqual(['w']);
  expect(constants).toEqual([]);
  return loneNumbers.has('number');
};

describe('single numbers behind a layer', () => {
  it.each<[string, Use]>([
    ['factor', ops.Mul],
    ['divisor', ops.Div],
    ['factor on the left', (y, n) => ops.Mul(n, y)],
    ['summand', ops.Add],
    ['exponent', ops.Pow],
    ['bound', (y, n) => ops.Clip(y, undefined, n)],
    ['larger of two', (y, n) => ops.Max(y, n)],
    ['choice', (y, n) => ops.Where(ops.Greater(y, y.graph.scalar(0)), y, n)],
    ['exponential of a logarithm, as contrastive models keep temperatures', (y, n) => ops.Mul(y, ops.Exp(n))],
    ['gate', (y, n) => ops.Mul(y, ops.Sigmoid(ops.Mul(n, y.graph.scalar(2))))],
    ['reshaped factor', (y, n) => ops.Mul(y, ops.Reshape(n, [1, 1]))],
  ])('a learned %s is reported', (_, use) => {
    for (const dims of [[], [1]]) expect(reported(7.3, use, dims)).toBe(true);
  });

  it('a joined token of one number is reported', () => {
    const joined: Use = (y, n) => ops.Concat([y, ops.Expand(n, [2, 1])], 1);
    expect(reported(0.37, joined, [1, 1])).toBe(true);
  });

  it.each<[string, number, Use]>([
    ['0', 0, ops.Mul],
    ['1', 1, ops.Mul],
    ['−1', -1, ops.Mul],
    ['2', 2, ops.Pow],
    ['.5', 0.5, ops.Mul],
    ['√2', Math.SQRT2, ops.Div],
    ['1/√2', Math.SQRT1_2, ops.Mul],
    ['√(2/π)', 0.7978845608, ops.Mul],
    ['.044715', 0.044715, ops.Mul],
    ['1.702', 1.702, ops.Mul],
    ['3', 3, ops.Add],
    ['6', 6, (y, n) => ops.Clip(y, undefined, n)],
    ['1/6', 1 / 6, ops.Mul],
    ['1/√64', 0.125, ops.Mul],
    ['1/√80', 1 / Math.sqrt(80), ops.Mul],
    ['√768', Math.sqrt(768), ops.Mul],
    ['32^−1/4', 32 ** -0.25, ops.Mul],
    ['1/49', 1 / 49, ops.Mul],
    ['an epsilon', 1e-5, (y, n) => ops.Div(y, ops.Sqrt(ops.Add(ops.Mul(y, y), n)))],
    ['a mask', -1e9, ops.Add],
    ['an endless mask', Number.NEGATIVE_INFINITY, (y, n) => ops.Where(ops.Greater(y, y), n, y)],
    ["dropout's rate", 0.3, (y, n) => ops.Dropout(y, n).y],
  ])('%s is not', (_, value, use) => {
    expect(reported(value, use)).toBe(false);
  });

  it('1e-5 as a factor is a layer scale, 10⁹ as a factor no mask', () => {
    expect(reported(1e-5, ops.Mul)).toBe(true);
    expect(reported(1e9, ops.Mul)).toBe(true);
  });

  it('drawn numbers are hardly ever taken for the architecture', () => {
    const drawn = [
      [0.01, 0.2],
      [0.2, 1],
      [1, 30],
    ].flatMap(([low, high]) => between(low as number, high as number)(300, draws(5)));
    expect(drawn.filter((value) => !reported(Math.fround(value))).length).toBeLessThanOrEqual(5);
  });

  it('not before the first layer; a vector that is computed with is listed as before', () => {
    const g = new Graph();
    const x = ops.Mul(g.input('x', 'float32', ['N', 6]), g.initializer('scale', float32([], [0.017])));
    const w = g.initializer('w', float32([6, 2], new Float32Array(12).fill(0.1)));
    const gate = ops.Sigmoid(g.initializer('gate', float32([2], [0.3, 0.4])));
    g.output('y', ops.Mul(ops.MatMul(x, w), gate));
    const { loneNumbers, constants } = analyseParameters(g);
    expect([...loneNumbers.keys()]).toEqual([]);
    expect(constants).toEqual(['gate']);
  });
});
