import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.ts';
import { isBit, placeRanges } from './place-ranges.ts';

const dataOf = (
  recordShape: readonly number[],
  x: Dataset['x'],
  more: Pick<Dataset, 'oneHot'> = {},
): Dataset => {
  const channels = recordShape[0]!;
  const size = x.length / recordShape.reduce((a, b) => a * b, 1);
  return createDataset({
    id: 'd',
    recordShape,
    x,
    y: new Int32Array(size),
    classes: ['a'],
    normalisation: { scale: 0.5, mean: new Array(channels).fill(1), std: new Array(channels).fill(3) },
    ...more,
  });
};

const one = (first: number, kind: string, min: number, max: number) => ({ first, width: 1, kind, min, max });

describe('placeRanges', () => {
  it('of pictures are those of the channel', () => {
    const bytes = dataOf([2, 1, 2], Uint8Array.of(2, 6, 0, 8, 4, 10, 28, 12));
    expect(placeRanges(bytes)).toEqual([
      ...[one(0, 'whole', 2, 10), one(1, 'whole', 2, 10)],
      ...[one(2, 'whole', 0, 28), one(3, 'whole', 0, 28)],
    ]);
    const floats = dataOf([2, 1, 2], Float32Array.of(0, 1, 4, 2, 1, 0.5, 3, 7));
    expect(placeRanges(floats)).toEqual([
      ...[one(0, 'real', 0, 1), one(1, 'real', 0, 1)],
      ...[one(2, 'whole', 2, 7), one(3, 'whole', 2, 7)],
    ]);
  });

  it('of a table are those of the column, categories together', () => {
    // A number, a category of three (one of which no record has), a whole number, a bit.
    const table = dataOf([6], Float32Array.of(-1.5, 0, 1, 0, 3, 1, 4, 1, 0, 0, 9, 0), {
      oneHot: [{ first: 1, width: 3 }],
    });
    const found = placeRanges(table);
    expect(found).toEqual([
      one(0, 'real', -1.5, 4),
      { first: 1, width: 3, kind: 'category', min: 0, max: 1 },
      one(4, 'whole', 3, 9),
      one(5, 'whole', 0, 1),
    ]);
    expect(found.map(isBit)).toEqual([false, false, false, true]);
  });

  it('tells whole numbers from others by the column, in every record', () => {
    const table = dataOf([3], Float32Array.of(1, 2, 3, 4, 5.5, 6, 7, 8, 9));
    expect(placeRanges(table).map(({ kind }) => kind)).toEqual(['whole', 'real', 'whole']);
  });

  it('of bits are 0 and 1, also where a column has only one of them', () => {
    const bits = dataOf([3], Uint8Array.of(0, 1, 1, 0, 1, 0));
    expect(placeRanges(bits)).toEqual([0, 1, 2].map((first) => one(first, 'whole', 0, 1)));
    expect(placeRanges(bits).every(isBit)).toBe(true);
  });

  it('of rows of rows are those of the place', () => {
    const grid = dataOf([2, 2], Float32Array.of(1, 2, 3, 4, 5, 2, 3, 4));
    expect(placeRanges(grid).map(({ max }) => max)).toEqual([5, 2, 3, 4]);
  });
});
