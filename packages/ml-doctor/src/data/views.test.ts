import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, createDataset, type DatasetInMemory } from './dataset.ts';
import { type View, viewBatch, views } from './views.ts';

const AS_IS: View = { dx: 0, dy: 0, flip: false };

const anyView = fc.record({
  dx: fc.integer({ min: -6, max: 6 }),
  dy: fc.integer({ min: -6, max: 6 }),
  flip: fc.boolean(),
});

const anyPictures: fc.Arbitrary<DatasetInMemory> = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
    fc.boolean(),
  )
  .chain(([channels, height, width, bytes]) => {
    const length = 4 * channels * height * width;
    return fc
      .array(fc.integer({ min: 1, max: 255 }), { minLength: length, maxLength: length })
      .map((values) =>
        createDataset({
          id: 'pictures',
          recordShape: [channels, height, width],
          x: bytes ? Uint8Array.from(values) : Float32Array.from(values, (v) => v / 7),
          y: Int32Array.of(0, 1, 2, 3),
          classes: ['a', 'b', 'c', 'd'],
          normalisation: {
            scale: 1 / 255,
            mean: [0.5, 0.25, 0.125].slice(0, channels),
            std: [2, 1, 0.5].slice(0, channels),
          },
        }),
      );
  });

/** Pixel by pixel and from the side of the source: moved, dropped when outside, then mirrored. */
function oracle(data: DatasetInMemory, record: number, { dx, dy, flip }: View): Float32Array {
  const [channels, height, width] = data.recordShape as [number, number, number];
  const { scale, mean, std } = data.normalisation;
  const out = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; c++) {
    const picture = Array.from({ length: height }, () => new Array<number>(width).fill(0));
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const value = data.x[((record * channels + c) * height + row) * width + column]!;
        if (picture[row + dy] && column + dx >= 0 && column + dx < width)
          picture[row + dy]![column + dx] = value;
      }
    const flat = picture.flatMap((line) => (flip ? line.reverse() : line));
    flat.forEach((value, i) => {
      out[c * height * width + i] = (value * scale - mean[c]!) / std[c]!;
    });
  }
  return out;
}

describe('viewBatch', () => {
  it('moves and mirrors as done pixel by pixel, and keeps labels and order', () => {
    fc.assert(
      fc.property(anyPictures, anyView, fc.array(fc.nat(3), { maxLength: 6 }), (data, view, indices) => {
        const { x, y } = viewBatch(data, indices, view);
        expect(y).toEqual(Int32Array.from(indices));
        const length = data.x.length / 4;
        indices.forEach((record, i) => {
          expect(x.slice(i * length, (i + 1) * length)).toEqual(oracle(data, record, view));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('changes nothing under the first view', () => {
    fc.assert(
      fc.property(anyPictures, fc.array(fc.nat(3), { maxLength: 6 }), (data, indices) => {
        expect(viewBatch(data, indices, views(1, true)[0]!)).toEqual(batch(data, indices));
      }),
      { numRuns: 20 },
    );
  });

  it('shows a small picture as one would draw it', () => {
    const picture = createDataset({
      id: 'letter',
      recordShape: [1, 2, 3],
      x: Uint8Array.of(1, 2, 3, 4, 5, 6),
      y: Int32Array.of(0),
      classes: ['L'],
      normalisation: { scale: 1, mean: [0], std: [1] },
    });
    const seen = (view: View) => [...viewBatch(picture, [0], view).x];
    expect(seen({ ...AS_IS, flip: true })).toEqual([3, 2, 1, 6, 5, 4]);
    expect(seen({ ...AS_IS, dx: 1 })).toEqual([0, 1, 2, 0, 4, 5]);
    expect(seen({ ...AS_IS, dy: -1 })).toEqual([4, 5, 6, 0, 0, 0]);
    expect(seen({ dx: 1, dy: 1, flip: true })).toEqual([0, 0, 0, 2, 1, 0]);
  });

  it('refuses records that are no pictures, and indices of no record', () => {
    const table = createDataset({
      id: 'rows',
      recordShape: [2],
      x: Uint8Array.of(1, 2),
      y: Int32Array.of(0),
      classes: ['a'],
      normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
    });
    expect(() => viewBatch(table, [0], AS_IS)).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringMatching(/'rows'.*\[2\]/) }),
    );
    const square = createDataset({
      ...{ id: 'p', recordShape: [1, 1, 1], x: Uint8Array.of(1), y: Int32Array.of(0), classes: ['a'] },
      normalisation: { scale: 1, mean: [0], std: [1] },
    });
    expect(() => viewBatch(square, [1], { ...AS_IS, dx: 1 })).toThrow(/internal/);
    expect(() => viewBatch(square, [0], { ...AS_IS, dx: 0.5 })).toThrow(/internal/);
  });
});

describe('views', () => {
  it.each([
    [0, false, 1],
    [0, true, 2],
    [1, false, 9],
    [1, true, 18],
    [4, true, 162],
  ])('lists those up to %d pixels, mirrored: %s', (maxShift, flip, count) => {
    const all = views(maxShift, flip);
    expect(all[0]).toEqual(AS_IS);
    expect(new Set(all.map(({ dx, dy, flip: f }) => `${dx} ${dy} ${f}`)).size).toBe(count);
    expect(all).toHaveLength(count);
    expect(Math.max(...all.flatMap(({ dx, dy }) => [Math.abs(dx), Math.abs(dy)]))).toBe(maxShift);
    const moved = all.map(({ dx, dy }) => Math.abs(dx) + Math.abs(dy));
    expect(moved).toEqual([...moved].sort((a, b) => a - b));
    expect(views(maxShift, flip)).toEqual(all);
  });

  it('refuses a shift that is none', () => {
    expect(() => views(-1, true)).toThrow(/internal/);
    expect(() => views(1.5, true)).toThrow(/internal/);
  });
});
