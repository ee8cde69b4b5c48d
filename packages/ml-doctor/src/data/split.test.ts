import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ROLES,
  type RoleSizes,
  roleSize,
  roleSizes,
  type Split,
  sidePlaces,
  splitQuarters,
} from './split.ts';

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

describe('splitQuarters of data that says itself who is a member', () => {
  const side = fc.integer({ min: 1, max: 300 });
  const sides = fc.record({ members: side, nonMembers: side, auxiliary: fc.integer({ min: 0, max: 300 }) });
  const sizeOf = ({ members, nonMembers, auxiliary }: RoleSizes) => members + nonMembers + auxiliary;

  /** As the sides are given, one after the other: what the records of a role are there. */
  const given = (roles: Split, size: number, seed: number): Split => {
    const order = new Uint32Array(size);
    sidePlaces(size, seed).forEach((place, i) => {
      order[place] = i;
    });
    return Object.fromEntries(
      ROLES.map((role) => [role, roles[role].map((record) => order[record] as number)]),
    ) as unknown as Split;
  };

  it('gives every member and non-member its role, and halves the attacker’s records', () => {
    fc.assert(
      fc.property(sides, anySeed, (sizes, seed) => {
        const { members, nonMembers, auxiliary } = sizes;
        const split = given(splitQuarters(sizeOf(sizes), { seed, sizes }), sizeOf(sizes), seed);
        const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
        expect([...split['target-train']].sort((a, b) => a - b)).toEqual(range(0, members));
        expect([...split['target-test']].sort((a, b) => a - b)).toEqual(range(members, nonMembers));
        const own = [...split['shadow-train'], ...split['shadow-test']];
        expect(split['shadow-train']).toHaveLength(Math.floor(auxiliary / 2));
        expect(split['shadow-test']).toHaveLength(Math.floor(auxiliary / 2));
        expect(new Set(own).size).toBe(own.length);
        for (const record of own) expect(record).toBeGreaterThanOrEqual(members + nonMembers);
      }),
      { numRuns: 60 },
    );
  });

  it('says the same of the sizes of roles as it draws, and keeps the first of each where fewer are asked for', () => {
    fc.assert(
      fc.property(sides, anySeed, fc.integer({ min: 1, max: 300 }), (sizes, seed, perRole) => {
        const all = splitQuarters(sizeOf(sizes), { seed, sizes });
        const some = splitQuarters(sizeOf(sizes), { seed, sizes, perRole });
        const counts = roleSizes(sizeOf(sizes), { sizes, perRole });
        for (const role of ROLES) {
          expect(some[role]).toEqual(all[role].slice(0, perRole));
          expect(some[role]).toHaveLength(counts[role]);
        }
        expect(roleSize(sizeOf(sizes), { sizes })).toBe(sizes.members);
      }),
      { numRuns: 60 },
    );
  });

  it('draws every record of a side equally often where fewer are asked for, and sides apart', () => {
    const sizes = { members: 40, nonMembers: 40, auxiliary: 40 };
    const drawn = new Uint32Array(120);
    let alike = 0;
    for (let seed = 0; seed < 400; seed++) {
      const split = given(splitQuarters(120, { seed, sizes, perRole: 10 }), 120, seed);
      for (const role of ROLES) for (const i of split[role]) drawn[i]!++;
      const others = split['target-test'];
      alike += split['target-train'].every((record, i) => record + 40 === others[i]) ? 1 : 0;
    }
    // 100 are expected (200 of auxiliary records, in two roles), with a deviation of less than 11.
    drawn.forEach((times, record) => {
      expect(Math.abs(times - (record < 80 ? 100 : 200)), `record ${record}`).toBeLessThan(50);
    });
    expect(alike).toBe(0);
  });

  it('does not tell by the number of a record on which side it is', () => {
    const sizes = { members: 100, nonMembers: 100, auxiliary: 0 };
    let low = 0;
    for (let seed = 0; seed < 50; seed++)
      low += splitQuarters(200, { seed, sizes })['target-train'].filter((record) => record < 100).length;
    // 2,500 of 5,000 members expected in the lower half, with a deviation of 25.
    expect(Math.abs(low - 2500)).toBeLessThan(150);
  });

  it.each(['members', 'nonMembers'] as const)('refuses a data set without %s', (missing) => {
    const sizes = { members: 5, nonMembers: 5, auxiliary: 5, [missing]: 0 };
    expect(() => splitQuarters(10, { seed: 0, sizes })).toThrow(
      expect.objectContaining({ code: 'MLD_SPLIT' }),
    );
  });
});
