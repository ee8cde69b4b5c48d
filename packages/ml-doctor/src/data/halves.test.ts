import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halves } from './halves.ts';

const anyPool = fc
  .uniqueArray(fc.nat(1_000_000), { minLength: 2, maxLength: 200 })
  .map((records) => Uint32Array.from(records));
const anySeed = fc.nat();
const ascending = (records: Iterable<number>) => [...records].sort((a, b) => a - b);

describe('halves', () => {
  it('divides the pool in two, the first half of an odd one being the smaller', () => {
    fc.assert(
      fc.property(anyPool, anySeed, fc.nat(40), (pool, seed, index) => {
        const { members, nonMembers } = halves(pool, seed, 'lira', index);
        expect(ascending([...members, ...nonMembers])).toEqual(ascending(pool));
        const smaller = index % 2 === 0 ? members : nonMembers;
        expect(smaller).toHaveLength(Math.floor(pool.length / 2));
      }),
      { numRuns: 50 },
    );
  });

  it('makes every record a member of exactly half of any even number of models', () => {
    fc.assert(
      fc.property(anyPool, anySeed, fc.integer({ min: 1, max: 6 }), (pool, seed, pairs) => {
        const counts = new Map<number, number>();
        for (let index = 0; index < 2 * pairs; index++)
          for (const record of halves(pool, seed, 'lira', index).members)
            counts.set(record, (counts.get(record) ?? 0) + 1);
        for (const record of pool) expect(counts.get(record)).toBe(pairs);
      }),
      { numRuns: 50 },
    );
  });

  it('repeats, and is another one for another seed, purpose or pair', () => {
    const pool = Uint32Array.from({ length: 60 }, (_, i) => 3 * i);
    const at = (seed: number, purpose: string, index: number) =>
      ascending(halves(pool, seed, purpose, index).members).join();
    expect(at(5, 'lira', 2)).toBe(at(5, 'lira', 2));
    const all = [at(5, 'lira', 2), at(5, 'lira', 3), at(5, 'lira', 0), at(5, 'rmia', 2), at(6, 'lira', 2)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('draws halves in which two records meet as often as chance has it', () => {
    const pool = Uint32Array.of(10, 11, 12, 13);
    const rounds = 600;
    let together = 0;
    for (let index = 0; index < 2 * rounds; index += 2) {
      const { members } = halves(pool, 1, 'lira', index);
      if (members.includes(10) === members.includes(11)) together++;
    }
    // Probability 1/3, so 200 expected with a standard deviation of 11.5; 6 of them either way.
    expect(together).toBeGreaterThan(130);
    expect(together).toBeLessThan(270);
  });

  it('lets no record of an odd pool always be the one left over', () => {
    const pool = Uint32Array.of(7, 8, 9);
    const alone = new Set(Array.from({ length: 40 }, (_, j) => halves(pool, 1, 'lira', 2 * j).members[0]));
    expect(alone.size).toBe(3);
  });

  it('refuses a pool of one record, and an index that is none', () => {
    expect(() => halves(Uint32Array.of(4), 1, 'lira', 0)).toThrow(
      expect.objectContaining({ code: 'MLD_SPLIT' }),
    );
    expect(() => halves(Uint32Array.of(4, 5), 1, 'lira', -1)).toThrow(/internal/);
    expect(() => halves(Uint32Array.of(4, 5), 1, 'lira', 0.5)).toThrow(/internal/);
  });
});
