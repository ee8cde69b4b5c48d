import { describe, expect, it } from 'vitest';
import { convolveWithItself } from './fourier.ts';

/** By the definition, around a circle. */
const once = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((_, k) => a.reduce((sum, x, i) => sum + x * (b[(k - i + a.length) % a.length] as number), 0));

describe('convolveWithItself', () => {
  it.each([1, 2, 4, 32])('is the sum over all pairs, step by step, on %d points', (n) => {
    const raw = Array.from({ length: n }, (_, i) => 1 + Math.sin(7 * i + 1));
    const total = raw.reduce((a, b) => a + b);
    const masses = raw.map((x) => x / total);
    let expected = masses;
    for (let times = 1; times <= 7; times++) {
      const found = Float64Array.from(masses);
      convolveWithItself(found, times);
      for (let i = 0; i < n; i++) expect(found[i]).toBeCloseTo(expected[i] as number, 14);
      expected = once(expected, masses);
    }
  });

  it('is a binomial distribution for coins, a thousand of them', () => {
    const masses = new Float64Array(1024);
    [masses[0], masses[1]] = [0.7, 0.3];
    convolveWithItself(masses, 1000);
    let logMass = 1000 * Math.log(0.7);
    for (let k = 0; k <= 1000; k++) {
      expect(Math.abs((masses[k] as number) - Math.exp(logMass))).toBeLessThan(1e-14);
      logMass += Math.log((1000 - k) / (k + 1)) + Math.log(0.3 / 0.7);
    }
  });
});
