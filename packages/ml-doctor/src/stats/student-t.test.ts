import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from './normal.ts';
import { studentTQuantile } from './student-t.ts';

const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

describe('studentTQuantile', () => {
  // The usual table, two-sided 95 % and 99 %.
  it.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 4, 2.77645],
    [0.975, 9, 2.26216],
    [0.975, 30, 2.04227],
    [0.995, 1, 63.6567],
    [0.995, 5, 4.03214],
    [0.995, 120, 2.61742],
  ])('%d with %d degrees of freedom', (p, freedom, expected) => {
    expect(relative(studentTQuantile(p, freedom), expected)).toBeLessThan(2e-6);
  });

  it('has the closed forms of 1, 2 and 4 degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.999999, noNaN: true }), (p) => {
        if (Math.abs(p - 0.5) < 1e-3) return;
        const a = 4 * p * (1 - p);
        expect(relative(studentTQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)))).toBeLessThan(1e-9);
        expect(relative(studentTQuantile(p, 2), (2 * (p - 0.5)) / Math.sqrt(a / 2))).toBeLessThan(1e-9);
        const four = 2 * Math.sqrt(Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a) - 1);
        expect(relative(studentTQuantile(p, 4), Math.sign(p - 0.5) * four)).toBeLessThan(1e-7);
      }),
    );
  });

  it('comes down to the normal one', () => {
    for (const p of [0.001, 0.025, 0.4, 0.9]) {
      const z = normalQuantile(p);
      // Its first correction is (z³ + z)/4ν.
      const expected = z + (z ** 3 + z) / 4e6;
      expect(relative(studentTQuantile(p, 1e6), expected)).toBeLessThan(1e-9);
    }
  });

  it('knows its ends', () => {
    expect([0, 0.5, 1, 1.1].map((p) => studentTQuantile(p, 3))).toEqual([-Infinity, 0, Infinity, Number.NaN]);
    expect(() => studentTQuantile(0.9, 0)).toThrow(/internal/);
  });
});
