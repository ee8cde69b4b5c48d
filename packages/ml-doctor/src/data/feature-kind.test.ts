import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataset } from './dataset.ts';
import { featureKind, valueRange, valueRanges } from './feature-kind.ts';
import { loadDataset } from './load-dataset.ts';

const dataOf = (x: Uint8Array | Float32Array, recordShape: readonly number[]) => {
  const channels = recordShape[0]!;
  const size = x.length / recordShape.reduce((a, b) => a * b, 1);
  return createDataset({
    id: 'd',
    recordShape,
    x,
    y: new Int32Array(size),
    classes: ['a'],
    normalisation: { scale: 1 / 255, mean: new Array(channels).fill(3), std: new Array(channels).fill(2) },
  });
};

describe('featureKind', () => {
  it.each([
    ['binary', [2], Uint8Array.of(0, 1, 1, 0)],
    ['binary', [2], Float32Array.of(0, 1, -0, 1)],
    ['numeric', [2], Uint8Array.of(0, 1, 1, 2)],
    ['numeric', [2], Float32Array.of(0, 1, 0.5, 1)],
    ['numeric', [2], Float32Array.of(-1, 1, 0, 1)],
    ['image', [1, 1, 2], Uint8Array.of(0, 1, 1, 0)],
    ['image', [3, 1, 1], Uint8Array.of(9, 1, 1)],
    ['binary', [2, 2], Uint8Array.of(0, 1, 1, 0)],
  ] as const)('%s for records of shape %j: %j', (kind, shape, x) => {
    const data = dataOf(x, shape);
    expect(featureKind(data)).toBe(kind);
    expect(featureKind(data)).toBe(kind);
  });

  it('of the bundled data sets', async () => {
    expect(featureKind(await loadDataset('fashion-mnist-10k'))).toBe('image');
    expect(featureKind(await loadDataset('adult'))).toBe('numeric');
  });
});

it('gives the ranges that sorting gives, before normalisation', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((width) =>
        fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 8,
        }),
      ),
      (rows) => {
        const data = dataOf(Float32Array.from(rows.flat()), [rows[0]!.length]);
        const ends = (values: number[]) => {
          const sorted = [...values].sort((a, b) => a - b);
          return { min: sorted[0], max: sorted.at(-1) };
        };
        expect(valueRange(data)).toEqual(ends(rows.flat()));
        expect(valueRanges(data)).toEqual(rows[0]!.map((_, c) => ends(rows.map((row) => row[c]!))));
      },
    ),
    { numRuns: 100 },
  );
});
