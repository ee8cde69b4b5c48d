import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from './epsilon.ts';
import { ACCOUNTANTS } from './setting.ts';
import { noiseFor } from './solve-noise.ts';

const refused = expect.objectContaining({ code: 'MLD_PRIVACY' });

describe('noiseFor', () => {
  it('keeps the target, and would not with a thousandth less noise', () => {
    fc.assert(
      fc.property(
        fc.record({
          epsilon: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => 20 ** x),
          delta: fc.constantFrom(1e-3, 1e-5, 1e-8),
          sampleRate: fc.constantFrom(0.002, 0.05, 1),
          steps: fc.constantFrom(1, 60, 2000),
          accountant: fc.constantFrom(...ACCOUNTANTS),
        }),
        ({ epsilon, delta, sampleRate, steps, accountant }) => {
          const noise = noiseFor({ epsilon, delta, sampleRate, steps, accountant });
          const spent = (noiseMultiplier: number): number =>
            epsilonOf({ sampleRate, noiseMultiplier, steps }, delta, accountant);
          expect(spent(noise)).toBeLessThanOrEqual(epsilon);
          if (noise > 0.01) expect(spent(noise * (1 - 1e-3))).toBeGreaterThan(epsilon);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('finds the noise of a published epsilon', () => {
    const target = { epsilon: 8.4085, delta: 1e-5, sampleRate: 64 / 17500, steps: 82200 } as const;
    expect(noiseFor({ ...target, accountant: 'rdp-classic' })).toBeCloseTo(0.95, 3);
  });

  it('is 0.01, the least there is, where delta alone would pay', () => {
    const target = { epsilon: 1, delta: 1e-3, sampleRate: 1e-5, steps: 2 } as const;
    expect(noiseFor({ ...target, accountant: 'pld' })).toBe(0.01);
  });

  it.each(ACCOUNTANTS)('says so where no noise reaches the target (%s)', (accountant) => {
    const target = { epsilon: 0.001, delta: 1e-9, sampleRate: 1, steps: 1e6, accountant };
    expect(() => noiseFor(target)).toThrow(refused);
  });

  it.each([
    ['epsilon', 0],
    ['epsilon', -1],
    ['epsilon', Number.POSITIVE_INFINITY],
    ['epsilon', Number.NaN],
    ['delta', 0],
    ['delta', 1],
    ['sampleRate', 0],
    ['sampleRate', 1.1],
    ['steps', 1.5],
    ['steps', 0],
  ])('refuses %s %d', (name, value) => {
    const target = { epsilon: 1, delta: 1e-5, sampleRate: 0.1, steps: 10, accountant: 'rdp' as const };
    expect(() => noiseFor({ ...target, [name]: value })).toThrow(refused);
  });
});
