/** Records as rows: what is known, the label in its place, and what comes after. */

import { describe, expect, it } from 'vitest';
import { recordRows, rowsAt } from './record-rows.ts';

describe('rows of records', () => {
  const rest = Float32Array.of(1, 2, 3, 4);
  const labels = Int32Array.of(2, 0);

  it('are the rest, a place for each class, and what else there is', () => {
    expect(recordRows(rest, labels, 3)).toEqual({
      values: Float32Array.of(1, 2, 0, 0, 1, 3, 4, 1, 0, 0),
      ...{ size: 2, width: 5 },
    });
    expect(recordRows(rest, labels, 3, { values: Float32Array.of(8, 9), width: 1 })).toEqual({
      values: Float32Array.of(1, 2, 0, 0, 1, 8, 3, 4, 1, 0, 0, 9),
      ...{ size: 2, width: 6 },
    });
  });

  it('are none of no records', () => {
    expect(recordRows(new Float32Array(0), new Int32Array(0), 3).size).toBe(0);
  });

  it('can be picked, more than once', () => {
    expect(rowsAt(recordRows(rest, labels, 3), [1, 1])).toEqual({
      values: Float32Array.of(3, 4, 1, 0, 0, 3, 4, 1, 0, 0),
      ...{ size: 2, width: 5 },
    });
  });
});
