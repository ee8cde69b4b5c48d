import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { cosine, spaceOf } from '../../../audit/selftest/bench/inversion-targets.ts';
import { directionsOf, estimatedGradient, writePairs } from './nes.ts';

const draws = (...purpose: string[]) => stream(5, 'test', ...purpose);

/** The estimate of the gradient of f at x, every place within the same bounds. */
const estimate = (
  x: Float32Array,
  f: (x: Float32Array) => number,
  options: {
    readonly count: number;
    readonly sigma: number;
    readonly bounds: readonly [number, number];
    readonly trial?: number;
  },
): Float64Array => {
  const { count, sigma, bounds, trial = 0 } = options;
  const drawn = directionsOf(draws('directions'), trial * count, count, [x.length], 1);
  const pairs = new Float32Array(2 * count * x.length);
  writePairs(pairs, x, drawn, sigma, spaceOf([x.length], bounds).bounds);
  const scores = Float64Array.from({ length: 2 * count }, (_, i) =>
    f(pairs.subarray(i * x.length, (i + 1) * x.length)),
  );
  return estimatedGradient(drawn, scores, sigma);
};

describe('directionsOf', () => {
  it('goes on where it left off', () => {
    const all = directionsOf(draws(), 0, 6, [10], 1).values;
    expect(directionsOf(draws(), 2, 3, [10], 1).values).toEqual(all.slice(20, 50));
    const coarse = directionsOf(draws(), 0, 6, [2, 5, 7], 3).values;
    expect(directionsOf(draws(), 2, 3, [2, 5, 7], 3).values).toEqual(coarse.slice(140, 350));
  });

  it('is standard normal in each place', () => {
    const { values } = directionsOf(draws(), 0, 400, [1, 4, 6], 2);
    const square = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    // Blocks of 4 places are one draw: 2400 of them, variance 2 each, five standard errors.
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / 2400));
  });

  it('is constant on blocks, cut off at the edges, and differs from block to block', () => {
    const [channels, height, width] = [2, 5, 7];
    const { values } = directionsOf(draws(), 0, 2, [channels, height, width], 3);
    const byBlock = new Map<string, Set<number>>();
    values.forEach((value, place) => {
      const [column, row] = [place % width, Math.floor(place / width) % height];
      const plane = Math.floor(place / (width * height));
      const block = `${plane} ${Math.floor(row / 3)} ${Math.floor(column / 3)}`;
      byBlock.set(block, (byBlock.get(block) ?? new Set()).add(value));
    });
    expect(byBlock.size).toBe(2 * 2 * 2 * 3);
    for (const found of byBlock.values()) expect(found.size).toBe(1);
    expect(new Set(values).size).toBe(byBlock.size);
  });
});

describe('writePairs', () => {
  it('puts both sides of each direction, in shares of the range and within the bounds', () => {
    const into = new Float32Array(8);
    const bounds = { low: Float32Array.of(0, -10), high: Float32Array.of(1, 10) };
    const values = Float32Array.of(1, -0.5, 8, 0.25);
    writePairs(into, Float32Array.of(0.5, 0), { values, count: 2 }, 0.25, bounds);
    expect([...into]).toEqual([0.75, -2.5, 0.25, 2.5, 1, 1.25, 0, -1.25]);
  });
});

describe('estimatedGradient', () => {
  const size = 60;
  const slope = draws('slope').normal(new Float32Array(size));
  const linear = (x: Float32Array) => x.reduce((sum, v, j) => sum + v * slope[j]!, 0);

  const middle = new Float32Array(size);

  it.each([6, 60, 600])('points as theory says with %i directions', (count) => {
    // The mean of u (u·g) over n directions: |g|² along g, of square |g|² (1 + (d + 1) / n) in the mean.
    const expected = 1 / Math.sqrt(1 + (size + 1) / count);
    const trials = 20;
    let sum = 0;
    for (let trial = 0; trial < trials; trial++)
      sum += cosine(estimate(middle, linear, { count, sigma: 0.01, bounds: [-1, 1], trial }), slope);
    expect(Math.abs(sum / trials - expected)).toBeLessThan(0.05);
  });

  it('is that in shares of the range', () => {
    const gradient = estimate(middle, linear, { count: 2000, sigma: 0.01, bounds: [-2, 2] });
    // Each place has variance (|g|² + g²) / n around g; five standard errors.
    const square = slope.reduce((sum, g) => sum + g * g, 0);
    gradient.forEach((found, j) => {
      const error = 5 * Math.sqrt((square + slope[j]! ** 2) / 2000);
      expect(Math.abs(found / 4 - slope[j]!)).toBeLessThan(error);
    });
    expect(cosine(gradient, slope)).toBeGreaterThan(0.97);
  });

  it('is that of the function smoothed over sigma', () => {
    // The mean of (x + s u)³ over u is x³ + 3 x s²: its slope is 3 x² + 3 s², here .1875 + .12 in a range of 5.
    const cube = (x: Float32Array) => x[0]! ** 3;
    const [gradient] = estimate(Float32Array.of(0.25), cube, { count: 20_000, sigma: 0.04, bounds: [-2, 3] });
    expect(gradient! / 5).toBeGreaterThan(0.285);
    expect(gradient! / 5).toBeLessThan(0.33);
  });
});
