/** Neighbours, outliers and complexity against brute force and closed forms. */

import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { bitsPerValue, nearestNeighbourError } from './complexity.ts';
import { findNeighbours } from './neighbours.ts';
import { localOutlierFactors, meanDistances } from './outliers.ts';
import { recordFigures } from './record-factors.ts';

const slowProducts = (width: number) => async (a: Float32Array, b: Float32Array) => {
  const [rows, others] = [a.length / width, b.length / width];
  const product = new Float32Array(rows * others);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < others; j++)
      for (let c = 0; c < width; c++) product[i * others + j]! += a[i * width + c]! * b[j * width + c]!;
  return product;
};

const search = (
  values: Float32Array,
  width: number,
  labels: ArrayLike<number>,
  reference: number,
  k: number,
) =>
  findNeighbours({
    ...{ labels, reference, k, width },
    read: (places) =>
      Float32Array.from(Array.from(places, (p) => [...values.subarray(p * width, (p + 1) * width)]).flat()),
    products: slowProducts(width),
  });

const gaussian = (seed: number, size: number) => stream(seed, 'test').normal(new Float32Array(size));

describe('neighbours', () => {
  it('are those of brute force, far from the origin and with copies too', async () => {
    const [size, reference, width, k] = [1500, 1300, 3, 4];
    const values = gaussian(1, size * width).map((value) => value + 1000);
    values.copyWithin(30, 0, 3);
    values.copyWithin(1400 * 3, 60, 63);
    const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
    const found = await search(values, width, labels, reference, k);
    for (const i of [0, 7, 10, 20, 1024, 1299, 1300, 1400, 1499]) {
      const brute = Array.from({ length: reference }, (_, j) => ({
        j,
        d: Math.hypot(...[0, 1, 2].map((c) => values[i * 3 + c]! - values[j * 3 + c]!)),
      }))
        .filter(({ j }) => j !== i)
        .sort((a, b) => a.d - b.d || a.j - b.j);
      expect([...found.places.subarray(i * k, i * k + k)]).toEqual(brute.slice(0, k).map(({ j }) => j));
      for (const [n, { d }] of brute.slice(0, k).entries())
        expect(found.distances[i * k + n]).toBeCloseTo(d, 5);
      expect(found.ownClass[i]).toBeCloseTo(brute.find(({ j }) => j % 3 === i % 3)!.d, 5);
      expect(found.otherClass[i]).toBeCloseTo(brute.find(({ j }) => j % 3 !== i % 3)!.d, 5);
    }
    expect(found.distances[0]).toBe(0);
  });

  it('has no nearest one of a class that no other record has', async () => {
    const found = await search(Float32Array.of(0, 1, 2), 1, [0, 1, 1], 3, 5);
    expect(found.k).toBe(2);
    expect(found.ownClass[0]).toBe(Number.POSITIVE_INFINITY);
    expect(found.otherClass[0]).toBe(1);
  });
});

describe('outliers', () => {
  it('are none on a circle: every density is the same', async () => {
    const values = Float32Array.from({ length: 48 }, (_, i) =>
      i % 2 === 0 ? Math.cos((Math.PI * i) / 24) : Math.sin((Math.PI * (i - 1)) / 24),
    );
    const found = await search(values, 2, new Int32Array(24), 24, 4);
    for (const factor of localOutlierFactors(found)) expect(factor).toBeCloseTo(1, 4);
  });

  it('are as the definition has them, by hand', async () => {
    // Points 0, 1, 2 and 10, two neighbours each: reach distances by hand.
    const found = await search(Float32Array.of(0, 1, 2, 10), 1, [0, 0, 0, 0], 4, 2);
    expect([...meanDistances(found)]).toEqual([1.5, 1, 1.5, 8.5]);
    // Distances to the second nearest: 2, 1, 2, 9. Mean reach: of 0 (1 and 2) 1.5; of 1 (0 and 2) 2; of 2 as of 0; of 10
    // (2 and 1) 8.5. So the densities are 2/3, 1/2, 2/3, 2/17.
    const expected = [(1 / 2 + 2 / 3) / 2 / (2 / 3), 4 / 3, (1 / 2 + 2 / 3) / 2 / (2 / 3), (7 / 12) * 8.5];
    for (const [i, factor] of localOutlierFactors(found).entries())
      expect(factor).toBeCloseTo(expected[i]!, 6);
  });

  it('stay finite among copies', async () => {
    const found = await search(Float32Array.of(0, 0, 0, 0, 5), 1, [0, 0, 0, 0, 0], 5, 2);
    const factors = localOutlierFactors(found);
    expect(factors[0]).toBeCloseTo(1, 6);
    expect(Number.isFinite(factors[4])).toBe(true);
    expect(factors[4]).toBeGreaterThan(1e6);
  });
});

describe('figures of records', () => {
  it('count labels and near copies among the nearest', async () => {
    const values = Float32Array.of(0, 0.01, 1, 2, 3, 10, 0.02);
    const labels = [0, 1, 0, 0, 1, 1, 0];
    const neighbours = await search(values, 1, labels, 6, 2);
    const figures = recordFigures({
      ...{ neighbours, labels, reference: 6 },
      classSizes: [3, 3],
      duplicates: [0, 0, 0, 0, 0, 0, 2],
    });
    expect([...figures.labelDisagreement]).toEqual([0.5, 1, 0.5, 0.5, 1, 0.5, 0.5]);
    // Nearest: .01, .01, .99, 1, 1, 7: the median .995, a quarter of it .249.
    expect([...figures.nearDuplicates]).toEqual([1, 1, 0, 0, 0, 0, 2]);
    expect([...figures.classSize]).toEqual([3, 3, 3, 3, 3, 3, 3]);
    expect(figures.duplicates[6]).toBe(2);
    expect(figures.nearestOwnClass[6]).toBeCloseTo(0.02, 6);
  });
});

describe('complexity', () => {
  it('is 0 of two Gaussians far apart', async () => {
    const values = gaussian(3, 400).map((value, i) => value + (i % 2 === 0 ? 0 : 100));
    const labels = Int32Array.from({ length: 400 }, (_, i) => i % 2);
    const error = nearestNeighbourError(await search(values, 1, labels, 400, 1), labels, 400);
    expect(error).toMatchObject({ value: 0, low: 0 });
    expect(error.high).toBeLessThan(0.01);
  });

  it('is 1 − Σ p² of labels at random', async () => {
    const values = gaussian(4, 2 * 1200);
    const labels = Int32Array.from(stream(5, 'labels').uniform(new Float64Array(1200)), (u) =>
      u < 0.5 ? 0 : u < 0.8 ? 1 : 2,
    );
    const error = nearestNeighbourError(await search(values, 2, labels, 1200, 1), labels, 1200);
    const expected = 1 - 0.5 ** 2 - 0.3 ** 2 - 0.2 ** 2;
    expect(error.low).toBeLessThan(expected);
    expect(error.high).toBeGreaterThan(expected);
  });

  it('is all bits of noise, and next to none of what is all alike', () => {
    const noise = stream(6, 'bytes').integers(new Uint32Array(4000), 256);
    expect(bitsPerValue([Uint8Array.from(noise)], 4000)).toBeGreaterThan(7.9);
    expect(bitsPerValue([new Uint8Array(4000), new Uint8Array(4000)], 4000)).toBeLessThan(0.1);
  });
});
