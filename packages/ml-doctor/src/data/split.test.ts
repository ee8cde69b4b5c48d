import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES, splitQuarters } from './split.ts';

const anySize = fc.integer({ min: 4, max: 3000 });
const anySeed = fc.integer({ min: 0, max: 2 ** 31 });

describe('splitQuarters', () => {
  it('gives disjoint quarters of equal size and drops the remainder only', () => {
    fc.assert(
      fc.property(anySize, anySeed, (size, seed) => {
        const split = splitQuarters(size, { seed: seed });
        const all = ROLES.flatMap((role) => [...split[role]]);
        for (const role of ROLES) expect(split[role]).toHaveLength(Math.floor(size / 4));
        expect(new Set(all).size).toBe(all.length);
        expect(Math.max(...all)).toBeLessThan(size);
        expect(size - all.length).toBeLessThan(4);
      }),
      { numRuns: 50 },
    );
  });

  it('repeats for a seed and differs between seeds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 500 }), anySeed, (size, seed) => {
        expect(splitQuarters(size, { seed: seed })).toEqual(splitQuarters(size, { seed: seed }));
        expect(splitQuarters(size, { seed: seed })).not.toEqual(splitQuarters(size, { seed: seed + 1 }));
      }),
      { numRuns: 30 },
    );
  });

  it('gives every record every role equally often', () => {
    const rounds = 800;
    const counts = Array.from({ length: 8 }, () => [0, 0, 0, 0]);
    for (let seed = 0; seed < rounds; seed++) {
      ROLES.forEach((role, r) => {
        for (const index of splitQuarters(8, { seed: seed })[role]) counts[index]![r]!++;
      });
    }
    // Chi-square with 21 degrees of freedom; it exceeds 60 with probability 1e-5.
    const expected = rounds / 4;
    const chiSquare = counts.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(60);
  });

  it('keeps a prefix of a role a fair sample of a file sorted by class', () => {
    const size = 10_000;
    const prefix = splitQuarters(size, { seed: 1 })['target-train'].slice(0, 500);
    const firstHalf = prefix.filter((index) => index < size / 2).length;
    // 250 expected; more than 6 standard deviations away would be 183 or 317.
    expect(firstHalf).toBeGreaterThan(183);
    expect(firstHalf).toBeLessThan(317);
  });

  it('keeps the first records of each quarter when fewer are asked for, so that a smaller audit is a part of a larger', () => {
    fc.assert(
      fc.property(anySize, anySeed, fc.nat(), (size, seed, pick) => {
        const perRole = 1 + (pick % Math.floor(size / 4));
        const all = splitQuarters(size, { seed });
        const some = splitQuarters(size, { seed, perRole });
        for (const role of ROLES) expect(some[role]).toEqual(all[role].slice(0, perRole));
      }),
      { numRuns: 50 },
    );
  });

  it.each([0, -1, 101, 2.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d records per role of 403',
    (perRole) => {
      expect(() => splitQuarters(403, { seed: 0, perRole })).toThrow(
        expect.objectContaining({
          code: 'MLD_SPLIT',
          message: expect.stringContaining(String(perRole)),
          hint: expect.stringContaining('100'),
        }),
      );
    },
  );

  it.each([0, 3, Number.NaN])('refuses %d records', (size) => {
    expect(() => splitQuarters(size, { seed: 0 })).toThrow(expect.objectContaining({ code: 'MLD_SPLIT' }));
  });
});
