import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ssim } from './ssim.ts';

/** Made with test/golden/inversion.py, by scikit-image. */
const golden: { ssim: { shape: number[]; a: number[]; b: number[]; ssim: number }[] } = JSON.parse(
  readFileSync(new URL('../../test/golden/inversion.json', import.meta.url), 'utf8'),
);
const C1 = 1e-4;
const C2 = 9e-4;

const picture = (length: number) =>
  fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: length, maxLength: length });
const shapes = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 14 }),
  fc.integer({ min: 1, max: 14 }),
);
const two = shapes.chain((shape) => {
  const length = shape[0] * shape[1] * shape[2];
  return fc.record({ shape: fc.constant(shape), a: picture(length), b: picture(length) });
});

/** One window over the whole picture, weights written out: what the formula says, without any filter. */
function oneWindow(a: readonly number[], b: readonly number[], size: number): number {
  const sigma = (1.5 * size) / 11;
  const weights = a.map((_, i) => {
    const [y, x] = [Math.floor(i / size) - (size - 1) / 2, (i % size) - (size - 1) / 2];
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = (of: (i: number) => number) => weights.reduce((sum, w, i) => sum + (w / total) * of(i), 0);
  const [ma, mb] = [mean((i) => a[i]!), mean((i) => b[i]!)];
  const [va, vb] = [mean((i) => (a[i]! - ma) ** 2), mean((i) => (b[i]! - mb) ** 2)];
  const cov = mean((i) => (a[i]! - ma) * (b[i]! - mb));
  return ((2 * ma * mb + C1) * (2 * cov + C2)) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
}

describe('ssim', () => {
  it('agrees with scikit-image on pictures of a window or more', () => {
    for (const { a, b, shape, ssim: expected } of golden.ssim)
      expect(ssim(a, b, shape)).toBeCloseTo(expected, 10);
    expect(new Set(golden.ssim.map((each) => each.ssim.toFixed(2))).size).toBeGreaterThan(8);
  });

  it('is 1 for equal pictures, symmetric, and at most 1, whatever the shape', () => {
    fc.assert(
      fc.property(two, ({ shape, a, b }) => {
        expect(ssim(a, a, shape)).toBeCloseTo(1, 10);
        expect(ssim(a, b, shape)).toBeCloseTo(ssim(b, a, shape), 10);
        expect(Math.abs(ssim(a, b, shape))).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [0.2, 0.9],
    [0, 1],
    [0.5, 0.5],
  ])('compares flat pictures of %d and %d by luminance alone', (x, y) => {
    const flat = (value: number) => new Array(2 * 12 * 15).fill(value);
    const closed = (2 * x * y + C1) / (x * x + y * y + C1);
    expect(ssim(flat(x), flat(y), [2, 12, 15])).toBeCloseTo(closed, 10);
  });

  it.each([3, 5, 7, 9, 11])('is the formula where a picture is one window of side %d', (size) => {
    fc.assert(
      fc.property(picture(size * size), picture(size * size), (a, b) => {
        expect(ssim(a, b, [1, size, size])).toBeCloseTo(oneWindow(a, b, size), 9);
      }),
      { numRuns: 20 },
    );
  });

  it('takes the largest odd window that fits, and the mean over its places and channels', () => {
    const a = [0, 1, 0, 0.5, 0.2, 0.9, 0.4, 0.1, 0.3, 0.8, 0.6, 0.7];
    const b = [1, 0.5, 0, 0.1, 0.9, 0.3, 0.2, 0.8, 0.4, 0.6, 0.7, 0];
    const window = (of: number[], from: number) => [0, 1, 2, 4, 5, 6, 8, 9, 10].map((i) => of[from + i]!);
    const places = [0, 1].map((from) => oneWindow(window(a, from), window(b, from), 3));
    expect(ssim(a, b, [1, 3, 4])).toBeCloseTo((places[0]! + places[1]!) / 2, 10);
    const flipped = [...a, ...b];
    const both = (places[0]! + places[1]! + 2) / 4;
    expect(ssim(flipped, [...b, ...b], [2, 3, 4])).toBeCloseTo(both, 10);
  });

  it('refuses sizes that do not fit', () => {
    expect(() => ssim([1, 2], [1, 2], [1, 1, 3])).toThrow(/internal/);
    expect(() => ssim([1, 2], [1], [1, 1, 2])).toThrow(/internal/);
    expect(() => ssim([1, 2], [1, 2], [2])).toThrow(/internal/);
  });
});
