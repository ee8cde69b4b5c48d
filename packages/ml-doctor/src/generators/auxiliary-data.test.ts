/** How a discriminator is shown records, against the numbers done by hand. */
import { expect, test } from 'vitest';
import { type AuxiliaryData, discriminatorView } from './auxiliary-data.ts';

const shown = (data: AuxiliaryData) => {
  const { centre, gain } = discriminatorView(data);
  return Array.from(
    data.values,
    (value, k) => (value - (centre[k % centre.length] as number)) * (gain[k % gain.length] as number),
  );
};
/** Two rows: a number, a category of two places (0 and 3), a column that never varies. */
const rows = {
  ...{ values: Float32Array.of(2, 3, 0, 5, 6, 0, 3, 5), count: 2, recordShape: [4] },
  bounds: { low: Float32Array.of(0, 0, 0, 5), high: Float32Array.of(40, 3, 3, 5) },
  oneHot: [{ first: 1, width: 2 }],
};

test('numbers get mean 0 and deviation 1, categories go from their bounds to −1 and 1', () => {
  // To the rounding of 32-bit floats.
  shown({ ...rows, features: 'numeric' }).forEach((value, k) => {
    expect(value).toBeCloseTo([-1, 1, -1, 0, 1, -1, 1, 0][k] as number, 6);
  });
});

test('pictures and bits go from their bounds to −1 and 1', () => {
  for (const features of ['image', 'binary'] as const)
    shown({ ...rows, oneHot: [], features }).forEach((value, k) => {
      expect(value).toBeCloseTo([-0.9, 1, -1, 0, -0.7, -1, 1, 0][k] as number, 6);
    });
});
