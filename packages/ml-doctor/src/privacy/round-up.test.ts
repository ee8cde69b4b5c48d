import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundUp } from './round-up.ts';

describe('roundUp', () => {
  it('goes to the next number of six digits, never down', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (x) => {
        const up = roundUp(x);
        expect(up).toBeGreaterThanOrEqual(x);
        expect(up).toBeLessThan(x * (1 + 1.01e-5));
        expect(up).toBe(Number(up.toPrecision(6)));
        expect(roundUp(up)).toBe(up);
      }),
    );
    expect([roundUp(9.9999911), roundUp(1.2345601), roundUp(0), roundUp(Number.POSITIVE_INFINITY)]).toEqual([
      10,
      1.23457,
      0,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
