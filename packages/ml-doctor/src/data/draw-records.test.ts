import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataset } from './dataset.ts';
import { recordDrawer } from './draw-records.ts';
import type { ValuesInMemory } from './values.ts';

/** A real number, a category of four, a whole number of three values, a bit; two records that reach both ends. */
const table = createDataset({
  id: 'd',
  recordShape: [7],
  x: Float32Array.of(-2, 0, 1, 0, 0, 5, 1, 6.5, 1, 0, 0, 0, 7, 0),
  y: new Int32Array(2),
  classes: ['a'],
  normalisation: { scale: 1, mean: new Array(7).fill(0), std: new Array(7).fill(1) },
  oneHot: [{ first: 1, width: 4 }],
});

const pictures = createDataset({
  id: 'p',
  recordShape: [2, 1, 2],
  x: Uint8Array.of(0, 255, 10, 12, 7, 7, 11, 11),
  y: new Int32Array(2),
  classes: ['a'],
  normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
});

const SIZE = 4000;
const numbers = Uint32Array.from({ length: SIZE }, (_, i) => i);
const placeOf = (x: ValuesInMemory, place: number, length: number) =>
  Array.from({ length: SIZE }, (_, i) => x[i * length + place]!);

/** Each of `values` as often as the others: Pearson's χ² is under what it passes once in 10,000 times. */
const expectEven = (found: readonly number[], values: readonly number[], limit: number) => {
  const counts = values.map((value) => found.filter((other) => other === value).length);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(found.length);
  const even = found.length / values.length;
  expect(counts.reduce((sum, count) => sum + (count - even) ** 2 / even, 0)).toBeLessThan(limit);
};

describe('recordDrawer', () => {
  it('draws each place of a table evenly from what it may hold', () => {
    const x = recordDrawer(table, 3, 'test')(numbers);
    expect(x).toBeInstanceOf(Float32Array);
    const real = placeOf(x, 0, 7).sort((a, b) => a - b);
    expect(real[0]! >= -2 && real.at(-1)! <= 6.5).toBe(true);
    // Kolmogorov's distance: 1.95 / √n is passed once in a thousand times.
    real.forEach((value, i) => {
      expect(Math.abs((value + 2) / 8.5 - i / SIZE)).toBeLessThan(1.95 / Math.sqrt(SIZE));
    });
    const categories = Array.from({ length: SIZE }, (_, i) => {
      const group = [...x.subarray(7 * i + 1, 7 * i + 5)];
      expect(group.slice().sort()).toEqual([0, 0, 0, 1]);
      return group.indexOf(1);
    });
    expectEven(categories, [0, 1, 2, 3], 21.1);
    expectEven(placeOf(x, 5, 7), [5, 6, 7], 18.4);
    expectEven(placeOf(x, 6, 7), [0, 1], 15.1);
  });

  it('draws bytes in the range of their channel, both ends included', () => {
    const x = recordDrawer(pictures, 3, 'test')(numbers);
    expect(x).toBeInstanceOf(Uint8Array);
    for (const place of [0, 1]) {
      const found = placeOf(x, place, 4);
      // Each half of the bytes, and each end at all: missed once in six million times.
      expectEven(
        found.map((value) => value >> 7),
        [0, 1],
        15.1,
      );
      expect([Math.min(...found), Math.max(...found)]).toEqual([0, 255]);
    }
    for (const place of [2, 3]) expectEven(placeOf(x, place, 4), [10, 11, 12], 18.4);
  });

  it('draws places apart from each other', () => {
    const x = recordDrawer(pictures, 3, 'test')(numbers);
    const pairs = Array.from({ length: SIZE }, (_, i) => 3 * (x[4 * i + 2]! - 10) + x[4 * i + 3]! - 10);
    expectEven(pairs, [0, 1, 2, 3, 4, 5, 6, 7, 8], 31.8);
  });

  it('draws no number twice', () => {
    const x = Float32Array.of(0, 0, 0, 1, 1, 1).map((value) => value + 0.5);
    const reals = { ...pictures, recordShape: [3], x, normalisation: table.normalisation };
    // Of 12,000 draws from 2²⁴ values some four pairs are equal.
    expect(new Set(recordDrawer(reals, 3, 'test')(numbers)).size).toBeGreaterThan(3 * SIZE - 30);
  });

  it.each([
    ['table', table],
    ['pictures', pictures],
  ] as const)('draws a record of a %s by seed, purpose and number alone', (_, like) => {
    const length = like.x.length / 2;
    const all = recordDrawer(like, 1, 'test')(Array.from({ length: 50 }, (_unused, i) => i));
    const draw = recordDrawer(like, 1, 'test');
    fc.assert(
      fc.property(fc.array(fc.nat(49), { maxLength: 6 }), (some) => {
        const found = draw(some);
        expect(found).toHaveLength(some.length * length);
        some.forEach((number, i) => {
          const own = all.slice(number * length, (number + 1) * length);
          expect(found.slice(i * length, (i + 1) * length)).toEqual(own);
        });
      }),
      { numRuns: 30 },
    );
    const others = [recordDrawer(like, 2, 'test'), recordDrawer(like, 1, 'other')];
    for (const other of others) expect(other([0, 1, 2])).not.toEqual(all.slice(0, 3 * length));
  });
});
