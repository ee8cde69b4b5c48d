/** First values: bounds and variances as the papers' formulas give them. */
import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { stream } from '../random/stream.ts';
import {
  constant,
  fans,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  normal,
  onesInit,
  torchBias,
  torchWeight,
  uniform,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from './initializers.ts';
import { parameter } from './parameter.ts';

const dims = [128, 16, 3, 5];
const [fanIn, fanOut] = [16 * 15, 128 * 15];
const draw = (init: Initializer, seed = 1): Float32Array => init(dims, stream(seed, 'test'));

const moments = (values: Float32Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  const fourth = values.reduce((a, b) => a + (b - mean) ** 4, 0) / values.length;
  return { mean, variance: square, kurtosis: fourth / square ** 2 };
};

describe('fans', () => {
  it('counts the kernel on both sides', () => {
    expect(fans(dims)).toEqual({ fanIn, fanOut });
    expect(fans([7, 3])).toEqual({ fanIn: 3, fanOut: 7 });
  });
  it('refuses a vector', () => {
    expect(() => fans([7])).toThrow(/two dimensions/);
  });
});

describe('uniform rules', () => {
  // 30,720 draws: the standard error of the variance is .5 %, of the mean .6 % of the deviation.
  it.each<[string, Initializer, number]>([
    ['uniform', uniform(0.2), 0.2],
    ['Kaiming', kaimingUniform(), Math.sqrt(6 / fanIn)],
    ['Kaiming for a leaky slope', kaimingUniform({ a: 2 }), Math.sqrt(6 / (5 * fanIn))],
    ['Xavier', xavierUniform(), Math.sqrt(6 / (fanIn + fanOut))],
    ['Xavier with a gain', xavierUniform({ gain: 3 }), 3 * Math.sqrt(6 / (fanIn + fanOut))],
    ["PyTorch's weight", torchWeight, 1 / Math.sqrt(fanIn)],
    ["PyTorch's bias", torchBias(9), 1 / 3],
  ])('%s', (_, init, bound) => {
    const values = draw(init);
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(bound * 0.999);
    const { mean, variance, kurtosis } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.02 * bound);
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1.3);
    expect(kurtosis).toBeCloseTo(1.8, 1);
  });
});

describe('normal rules', () => {
  it.each<[string, Initializer, number]>([
    ['normal', normal(0.5), 0.5],
    ['Kaiming', kaimingNormal(), Math.sqrt(2 / fanIn)],
    ['Kaiming by outputs', kaimingNormal({ fan: 'out' }), Math.sqrt(2 / fanOut)],
    ['Kaiming for a leaky slope', kaimingNormal({ a: 3 }), Math.sqrt(2 / (10 * fanIn))],
    ['Xavier', xavierNormal(), Math.sqrt(2 / (fanIn + fanOut))],
    ['Xavier with a gain', xavierNormal({ gain: 0.5 }), 0.5 * Math.sqrt(2 / (fanIn + fanOut))],
  ])('%s', (_, init, deviation) => {
    const { mean, variance, kurtosis } = moments(draw(init));
    expect(Math.abs(mean)).toBeLessThan(0.03 * deviation);
    expect(Math.abs(variance / deviation ** 2 - 1)).toBeLessThan(0.04);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.2);
  });
});

describe('constants', () => {
  it('fill', () => {
    expect(new Set(draw(zerosInit))).toEqual(new Set([0]));
    expect(new Set(draw(onesInit))).toEqual(new Set([1]));
    expect(new Set(draw(constant(0.25)))).toEqual(new Set([0.25]));
    expect(draw(onesInit)).toHaveLength(128 * 16 * 15);
  });
});

describe('parameters', () => {
  const make = (names: readonly string[], seed: number) => {
    const graph = new Graph();
    for (const name of names) parameter(graph, name, [4, 6], torchWeight, seed);
    return (name: string) => graph.initializers.get(name)?.data;
  };
  it('depend on seed and name, not on the order they are made in', () => {
    const [one, other] = [make(['a', 'b', 'c'], 5), make(['c', 'a'], 5)];
    expect(other('a')).toEqual(one('a'));
    expect(other('c')).toEqual(one('c'));
    expect(one('a')).not.toEqual(one('b'));
    expect(make(['a'], 6)('a')).not.toEqual(one('a'));
  });
  it('are trainable', () => {
    const graph = new Graph();
    parameter(graph, 'w', [2, 2], torchWeight, 0);
    expect([...graph.parameters]).toEqual(['w']);
  });
});
