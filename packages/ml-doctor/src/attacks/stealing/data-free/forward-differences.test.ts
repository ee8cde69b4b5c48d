import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import type { RecordSpace } from '../../../generators/auxiliary-data.ts';
import { moved, pseudoGradient, unitDirections } from './forward-differences.ts';

const space = (length: number, oneHot: RecordSpace['oneHot'] = []): RecordSpace => ({
  recordShape: [length],
  bounds: { low: new Float32Array(length).fill(-1.5), high: new Float32Array(length).fill(2.5) },
  oneHot,
  features: 'numeric',
});

describe('unitDirections', () => {
  it('have length 1 and no favourite side', () => {
    const directions = unitDirections(stream(3, 'test'), 4000, 3);
    const sums = [0, 0, 0];
    const squares = [0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const row = directions.subarray(3 * i, 3 * i + 3);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      row.forEach((v, j) => {
        sums[j] = (sums[j] as number) + v;
        squares[j] = (squares[j] as number) + v * v;
      });
    }
    for (const sum of sums) expect(Math.abs(sum / 4000)).toBeLessThan(4 * Math.sqrt(1 / 3 / 4000));
    for (const square of squares) expect(square / 4000).toBeCloseTo(1 / 3, 1);
  });
});

describe('moved', () => {
  it('is the squashing of a moved place, to first order', () => {
    const hidden = Float32Array.of(-2, -0.3, 0.4, 1.7);
    const squash = (v: number) => 0.5 + 2 * Math.tanh(v);
    const directions = unitDirections(stream(1, 'test'), 1, 4);
    const found = moved(hidden.map(squash), directions, 1e-3, space(4));
    for (const [j, v] of hidden.entries())
      expect(found[j]).toBeCloseTo(squash(v + 1e-3 * (directions[j] as number)), 5);
  });

  it('is the softmax of moved places where they hold a category', () => {
    const hidden = [0.2, -1, 0.7];
    const softmax = (row: readonly number[]) => {
      const weights = row.map(Math.exp);
      const sum = weights.reduce((a, b) => a + b);
      return weights.map((w) => -1.5 + (4 * w) / sum);
    };
    const directions = unitDirections(stream(2, 'test'), 1, 3);
    const found = moved(
      Float32Array.from(softmax(hidden)),
      directions,
      1e-3,
      space(3, [{ first: 0, width: 3 }]),
    );
    const expected = softmax(hidden.map((v, j) => v + 1e-3 * (directions[j] as number)));
    for (const [j, v] of expected.entries()) expect(found[j]).toBeCloseTo(v, 5);
  });

  it('never leaves the bounds, and keeps the sum of a category', () => {
    const place = fc.float({ min: -1.5, max: 2.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(place, { minLength: 4, maxLength: 4 }), fc.nat(), (row, seed) => {
        const box = space(4, [{ first: 1, width: 3 }]);
        const shares = row.slice(1).map((v) => v + 1.5);
        const sum = shares.reduce((a, b) => a + b) || 1;
        const record = Float32Array.of(row[0] as number, ...shares.map((s) => -1.5 + (4 * s) / sum));
        const found = moved(record, unitDirections(stream(seed, 'test'), 5, 4), 0.5, box);
        for (const value of found) expect(value >= -1.5 && value <= 2.5).toBe(true);
        const total = (at: number) => [1, 2, 3].reduce((s, j) => s + (found[at + j] as number), 0);
        const before = record.subarray(1).reduce((a, b) => a + b, 0);
        for (let i = 0; i < 5; i++) expect(total(4 * i)).toBeCloseTo(before, 4);
      }),
    );
  });
});

describe('pseudoGradient', () => {
  it('is the slope of a linear target on average over the directions', () => {
    const weights = [
      [0.7, -0.2, 1.1],
      [-0.5, 0.9, 0.3],
    ] as const;
    const x = [0.3, -0.6, 0.1];
    const target = (at: readonly number[]) =>
      weights.map((row) => row.reduce((s, w, j) => s + w * (at[j] as number), 0));
    const copy = Float32Array.of(-2, 3);
    const count = 40_000;
    const epsilon = 1e-2;
    const directions = unitDirections(stream(4, 'test'), count, 3);
    const there = new Float32Array(count * 2);
    for (let m = 0; m < count; m++)
      there.set(target(x.map((v, j) => v + epsilon * (directions[3 * m + j] as number))), 2 * m);
    const here = Float32Array.from(target(x));
    const found = pseudoGradient({ directions, epsilon, here, there, copy, classes: 2 });
    // Above the copy in the first class, below it in the second.
    const exact = x.map((_, j) => ((weights[0][j] as number) - (weights[1][j] as number)) / 2);
    for (const [j, slope] of exact.entries())
      expect(Math.abs((found[j] as number) - slope)).toBeLessThan(0.03);
  });

  it('keeps the records of a batch apart', () => {
    const directions = Float32Array.of(1, 0, 0, 1);
    const here = Float32Array.of(1, 0, 1, 0);
    const there = Float32Array.of(1.5, 0, 1, -0.25);
    const copy = new Float32Array(4);
    const found = pseudoGradient({ directions, epsilon: 0.5, here, there, copy, classes: 2 });
    expect([...found]).toEqual([1, 0, 0, 0.5]);
  });
});
