/** Records are the same where all their values are, whatever their data sets are called and kept as. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.ts';
import { sharedInputs } from './shared-inputs.ts';

const rows = (values: readonly (readonly number[])[], as: 'bytes' | 'floats' = 'floats'): Dataset =>
  createDataset({
    id: `of ${as}`,
    recordShape: [2],
    x: (as === 'bytes' ? Uint8Array : Float32Array).from(values.flat()),
    y: new Int32Array(values.length),
    classes: ['a', 'b'],
    normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
  });

describe('sharedInputs', () => {
  it('counts as two loops do', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
    const table = fc.array(row, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, table, (a, b) => {
        const ids = a.flatMap((_, i) => (i % 2 === 0 ? [i] : []));
        const brute = ids.filter((i) => b.some(([x, y]) => a[i]![0] === x && a[i]![1] === y)).length;
        expect(sharedInputs(rows(a), ids, rows(b, 'bytes'))).toBe(brute);
      }),
    );
  });

  it('takes nearly equal records for different ones', () => {
    expect(sharedInputs(rows([[0.5, 1]]), [0], rows([[0.5, 1.0000001]]))).toBe(0);
    expect(sharedInputs(rows([[0.5, 1]]), [0], rows([[0.5, 1]]))).toBe(1);
  });
});
