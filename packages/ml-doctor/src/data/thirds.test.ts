import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partialThirds } from './thirds.ts';

const anyTwoSets = fc
  .tuple(
    fc.uniqueArray(fc.nat(1_000_000), { minLength: 6, maxLength: 200 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([records, share]) => {
    const at = 3 + Math.round(share * (records.length - 6));
    return [Uint32Array.from(records.slice(0, at)), Uint32Array.from(records.slice(at))] as const;
  });

describe('partialThirds', () => {
  it('gives two disjoint thirds of each kind', () => {
    fc.assert(
      fc.property(anyTwoSets, fc.nat(), ([members, nonMembers], seed) => {
        const { known, scored } = partialThirds(members, nonMembers, seed);
        for (const [all, ...parts] of [
          [members, known.members, scored.members],
          [nonMembers, known.nonMembers, scored.nonMembers],
        ] as const) {
          for (const part of parts) expect(part).toHaveLength(Math.floor(all.length / 3));
          const together = parts.flatMap((part) => [...part]);
          expect(new Set(together).size).toBe(together.length);
          expect(together.filter((record) => !all.includes(record))).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('repeats for a seed, differs between seeds, and draws for the two kinds apart', () => {
    const members = Uint32Array.from({ length: 90 }, (_, i) => i);
    const nonMembers = members.map((i) => 100 + i);
    expect(partialThirds(members, nonMembers, 4)).toEqual(partialThirds(members, nonMembers, 4));
    expect(partialThirds(members, nonMembers, 4)).not.toEqual(partialThirds(members, nonMembers, 5));
    const { known } = partialThirds(members, nonMembers, 4);
    expect([...known.nonMembers].map((i) => i - 100)).not.toEqual([...known.members]);
  });

  it('gives every record every part equally often', () => {
    const members = Uint32Array.of(0, 1, 2);
    const nonMembers = Uint32Array.of(3, 4, 5);
    const known = [0, 0, 0, 0, 0, 0];
    const scored = [0, 0, 0, 0, 0, 0];
    for (let seed = 0; seed < 900; seed++) {
      const thirds = partialThirds(members, nonMembers, seed);
      for (const record of [...thirds.known.members, ...thirds.known.nonMembers]) known[record]!++;
      for (const record of [...thirds.scored.members, ...thirds.scored.nonMembers]) scored[record]!++;
    }
    // 300 expected with a standard deviation of 14.1; 6 of them either way.
    for (const count of [...known, ...scored]) {
      expect(count).toBeGreaterThan(215);
      expect(count).toBeLessThan(385);
    }
  });

  it.each([
    [2, 9, '2', /third of the members/],
    [9, 0, '0', /third of the non-members/],
  ])('refuses %d members and %d non-members', (members, nonMembers, found, message) => {
    const run = () => partialThirds(new Uint32Array(members), new Uint32Array(nonMembers), 1);
    expect(run).toThrow(
      expect.objectContaining({ code: 'MLD_SPLIT', message: expect.stringContaining(found) }),
    );
    expect(run).toThrow(message);
  });
});
