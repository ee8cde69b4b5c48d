import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownHalf } from './attribute-halves.ts';

const anyMembers = fc
  .uniqueArray(fc.nat(1_000_000), { minLength: 2, maxLength: 200 })
  .map((records) => Uint32Array.from(records));
const ascending = (records: Iterable<number>) => [...records].sort((a, b) => a - b);

describe('knownHalf', () => {
  it('divides the members in two ascending parts, the known being the smaller of an odd number', () => {
    fc.assert(
      fc.property(anyMembers, fc.nat(), (members, seed) => {
        const before = members.slice();
        const { known, asked } = knownHalf(members, seed);
        expect(known).toHaveLength(Math.floor(members.length / 2));
        for (const part of [known, asked]) expect([...part]).toEqual(ascending(part));
        expect(ascending([...known, ...asked])).toEqual(ascending(members));
        expect(members).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it('repeats, is another for another seed, and does not depend on the order of the members', () => {
    const members = Uint32Array.from({ length: 60 }, (_, i) => 7 * i);
    expect(knownHalf(members, 3)).toEqual(knownHalf(members, 3));
    expect(knownHalf(members, 3)).toEqual(knownHalf(members.slice().reverse(), 3));
    expect(knownHalf(members, 3)).not.toEqual(knownHalf(members, 4));
  });

  it('lets every record, and every pair of them, be known as often as chance has it', () => {
    const members = Uint32Array.of(5, 6, 7, 8);
    const alone = new Map<number, number>();
    let [together, seeds] = [0, 1200];
    for (let seed = 0; seed < seeds; seed++) {
      const { known } = knownHalf(members, seed);
      for (const record of known) alone.set(record, (alone.get(record) ?? 0) + 1);
      if (known.includes(5) === known.includes(6)) together++;
    }
    // 600 expected with a standard deviation of 17.3, and 400 with 16.3; 6 of them either way.
    for (const record of members) expect(Math.abs(alone.get(record)! - 600)).toBeLessThan(104);
    expect(Math.abs(together - 400)).toBeLessThan(98);
  });

  it.each([0, 1])('refuses %d members', (count) => {
    const run = () => knownHalf(new Uint32Array(count), 1);
    expect(run).toThrow(expect.objectContaining({ code: 'MLD_SPLIT' }));
    expect(run).toThrow(new RegExp(`there are ${count}$`));
  });
});
