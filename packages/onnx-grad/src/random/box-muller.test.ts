/** The float32 logarithm, sine and cosine against Math's doubles, and the bounds they promise. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxMuller, cosSin, minusTwoLog } from './box-muller.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** Distance in units of the last float32 place of `want`. */
function ulps(got: number, want: number): number {
  return Math.abs(got - want) / 2 ** (Math.floor(Math.log2(Math.abs(want))) - 23);
}

/** -2 log((w + 1/2) / 2^32) in double precision; near 1 from the distance to 1, which is exact. */
function exactMinusTwoLog(w: number): number {
  return w < 2 ** 31 ? -2 * Math.log((w + 0.5) / 2 ** 32) : -2 * Math.log1p(-(2 ** 32 - w - 0.5) / 2 ** 32);
}

/** Every magnitude from both ends, both sides of each place where the reduction changes, and a regular sweep. */
const words: number[] = [];
for (let bit = 0; bit < 32; bit++) {
  for (const delta of [-2, -1, 0, 1, 2]) words.push((2 ** bit + delta) >>> 0, ~(2 ** bit + delta) >>> 0);
}
for (let exponent = 0; exponent < 33; exponent++) {
  const edge = Math.floor(Math.SQRT1_2 * 2 ** (32 - exponent));
  for (let delta = -300; delta <= 300; delta += 20) words.push((edge + delta) >>> 0);
}
for (let w = 0; w < 2 ** 32; w += 20011) words.push(w);

test('the logarithm is within 4 ulp for every magnitude', () => {
  let worst = 0;
  for (const w of words) worst = Math.max(worst, ulps(minusTwoLog(w), exactMinusTwoLog(w)));
  expect(worst).toBeLessThan(4);
  expect(worst).toBeGreaterThan(0.25);
});

test('sine and cosine are within 2 ulp, down to the smallest angles', () => {
  let worst = 0;
  for (let i = -100_000; i <= 100_000; i++) {
    const x = Math.fround(((i / 100_000) * Math.PI) / 4);
    const [cos, sin] = cosSin(x);
    worst = Math.max(worst, ulps(cos, Math.cos(x)), i === 0 ? 0 : ulps(sin, Math.sin(x)));
  }
  expect(worst).toBeLessThan(2);
  for (let exponent = 1; exponent < 40; exponent++) {
    const x = 2 ** -exponent;
    expect(ulps(cosSin(x)[1], Math.sin(x))).toBeLessThan(2);
  }
});

test('the extreme words are finite, and never a logarithm of 0', () => {
  expect(minusTwoLog(0)).toBeCloseTo(66 * Math.LN2, 4);
  expect(minusTwoLog(0xffffffff)).toBe(2 ** -32);
  fc.assert(
    fc.property(word, word, (radius, angle) => {
      const draws = boxMuller(radius, angle);
      for (const z of draws) {
        expect(Number.isFinite(z) && z !== 0 && Math.abs(z) < 6.77).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('radius and direction are those of the Box-Muller transform', () => {
  fc.assert(
    fc.property(word, word, (radiusWord, angleWord) => {
      const [x, y] = boxMuller(radiusWord, angleWord);
      const radius = Math.sqrt(exactMinusTwoLog(radiusWord));
      expect(Math.abs(Math.hypot(x, y) / radius - 1)).toBeLessThan(5e-7);
      // Undo the mirror and the half turn, which the two upper bits tell; then the angle is linear in the rest.
      const [u, v] = angleWord >= 2 ** 31 ? [y, x] : [x, y];
      const sign = (angleWord & 0x40000000) === 0 ? 1 : -1;
      const part = (angleWord % 2 ** 30) / 2 ** 30;
      const angle = ((part < 0.5 ? part : part - 1) * Math.PI) / 2;
      expect(Math.abs(Math.atan2(sign * v, sign * u) - angle)).toBeLessThan(2e-7);
    }),
    { numRuns: 2000 },
  );
});

test('turned about the bit patterns, the four quarter turns are exact mirror images', () => {
  fc.assert(
    fc.property(word, word, (radius, angle) => {
      const [x, y] = boxMuller(radius, angle);
      expect(boxMuller(radius, (angle ^ 0x40000000) >>> 0)).toEqual([-x, -y]);
      expect(boxMuller(radius, (angle ^ 0x80000000) >>> 0)).toEqual([y, x]);
    }),
    { numRuns: 500 },
  );
});
