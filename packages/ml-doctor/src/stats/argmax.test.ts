import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmax } from './argmax.ts';

describe('argmax', () => {
  it('is the first place of the largest value, whatever the ties and infinities', () => {
    const value = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.float({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (row) => {
        // indexOf compares as === does, so −0 and 0 are equals here too.
        expect(argmax(Float32Array.from(row))).toBe(row.indexOf(Math.max(...row)));
      }),
    );
  });

  it.each([
    [[7], 0],
    [[1, 3, 3, 2], 1],
    [[-5, -4, -4.5], 1],
    [[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 0],
  ])('of %j is %i', (row, expected) => {
    expect(argmax(row)).toBe(expected);
  });
});
