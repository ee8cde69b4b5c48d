/** Splits of the papers: roles of their sizes, from one random order of the records. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import type { PaperRoles } from './named-splits.ts';
import { largestRole, paperRoles } from './paper-roles.ts';
import { ROLES, roleSize, roleSizes, splitQuarters } from './split.ts';

const entries: readonly CatalogEntry[] = Object.values(catalog);

const shokri = (members: number, nonMembers: number, auxiliary: number): PaperRoles => ({
  name: 'shokri-2017',
  sizes: { members, nonMembers, auxiliary },
});

const anySplit = fc
  .record({
    members: fc.integer({ min: 1, max: 200 }),
    nonMembers: fc.integer({ min: 1, max: 200 }),
    auxiliary: fc.integer({ min: 0, max: 200 }),
    over: fc.integer({ min: 0, max: 50 }),
    seed: fc.nat(),
  })
  .map(({ members, nonMembers, auxiliary, over, seed }) => ({
    ...{ size: members + nonMembers + auxiliary + over, seed, auxiliary },
    ...{ members, nonMembers, paper: shokri(members, nonMembers, auxiliary) },
  }));

describe('the split of a paper', () => {
  it('gives disjoint roles of its sizes, the halves of the auxiliary records to the shadow models', () => {
    fc.assert(
      fc.property(anySplit, ({ size, seed, members, nonMembers, auxiliary, paper }) => {
        const split = splitQuarters(size, { seed, paper });
        const half = Math.floor(auxiliary / 2);
        const lengths = ROLES.map((role) => split[role].length);
        expect(lengths).toEqual([members, nonMembers, half, half]);
        const all = ROLES.flatMap((role) => [...split[role]]);
        expect(new Set(all).size).toBe(all.length);
        expect(all.every((record) => record < size)).toBe(true);
        expect(Object.values(roleSizes(size, { paper }))).toEqual(lengths);
        expect(roleSize(size, { paper })).toBe(members);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the first records of each role when fewer are asked for', () => {
    fc.assert(
      fc.property(anySplit, fc.nat(), ({ size, seed, members, nonMembers, auxiliary, paper }, pick) => {
        const perRole = 1 + (pick % Math.max(members, nonMembers, Math.floor(auxiliary / 2)));
        const all = splitQuarters(size, { seed, paper });
        const some = splitQuarters(size, { seed, paper, perRole });
        for (const role of ROLES) expect(some[role]).toEqual(all[role].slice(0, perRole));
        const counts = roleSizes(size, { paper, perRole });
        for (const role of ROLES) expect(counts[role]).toBe(some[role].length);
      }),
      { numRuns: 50 },
    );
  });

  it('has quarters where the paper took no other sizes, in an order of its own', () => {
    const paper: PaperRoles = { name: 'ml-leaks-2019' };
    const split = splitQuarters(403, { seed: 3, paper });
    for (const role of ROLES) expect(split[role]).toHaveLength(100);
    const members = (own: object) => splitQuarters(403, { seed: 3, ...own })['target-train'];
    expect(members({ paper })).not.toEqual(members({}));
    expect(members({ paper: shokri(100, 100, 200) })).not.toEqual(members({ paper }));
    expect(members({ paper, seed: 4 })).not.toEqual(members({ paper }));
    expect(members({ paper })).toEqual(members({ paper }));
  });

  it('takes any record for a member as often as any other', () => {
    const counts = new Uint32Array(10);
    for (let seed = 0; seed < 600; seed++)
      for (const record of splitQuarters(10, { seed, paper: shokri(3, 2, 4) })['target-train'])
        counts[record]!++;
    // 180 expected, standard deviation 11.2.
    for (const count of counts) expect(Math.abs(count - 180)).toBeLessThan(60);
  });

  it.each([
    [
      'more records than there are',
      100,
      shokri(60, 30, 11),
      undefined,
      /60 members, 30 non-members and 11 .* there are 100/,
    ],
    ['no quarters', 3, { name: 'ml-leaks-2019' } as const, undefined, /there are 3/],
    ['a role of more than the largest', 200, shokri(60, 30, 20), 61, /the largest of shokri-2017 holds 60/],
    ['a part of a record', 200, shokri(60, 30, 20), 1.5, /1.5/],
    ['no records', 200, shokri(60, 30, 20), 0, /0 of 200/],
  ])('refuses %s', (_, size, paper, perRole, message) => {
    const options = { paper, ...(perRole !== undefined && { perRole }) };
    const refused = expect.objectContaining({ code: 'MLD_SPLIT', message: expect.stringMatching(message) });
    expect(() => splitQuarters(size, { seed: 0, ...options })).toThrow(refused);
    expect(() => roleSizes(size, options)).toThrow(refused);
    expect(() => roleSize(size, options)).toThrow(refused);
  });
});

describe('the splits of the catalogue', () => {
  it('fit the data sets they are of', () => {
    const known = entries.flatMap(({ id, size, splits = {} }) =>
      Object.entries(splits).map(([name, sizes]) => ({ id, size, name, sizes })),
    );
    expect(known.length).toBeGreaterThan(1);
    for (const { id, size, name, sizes } of known) {
      const { members, nonMembers, auxiliary } = sizes;
      expect(members + nonMembers + auxiliary, `${id} ${name}`).toBeLessThanOrEqual(size);
    }
  });

  it('are those of the paper: Location 1,200 and Adult 10,000 members', () => {
    expect(paperRoles('location', 'shokri-2017')).toEqual(shokri(1200, 1200, 2400));
    expect(paperRoles('adult', 'shokri-2017')?.sizes?.members).toBe(10_000);
    expect(largestRole('location', 'shokri-2017')).toBe(1200);
  });

  it('need no word for quarters, and a word without sizes where the paper has none', () => {
    expect(paperRoles('adult', 'ml-doctor-2022')).toBeUndefined();
    expect(paperRoles('german-credit', 'ml-leaks-2019')).toEqual({ name: 'ml-leaks-2019' });
    expect(largestRole('german-credit', 'ml-leaks-2019')).toBe(250);
    expect(largestRole('fashion-mnist-10k', 'ml-doctor-2022')).toBe(2500);
  });

  it('are refused of a data set that the paper did not split, with those that it did', () => {
    expect(() => paperRoles('german-credit', 'shokri-2017')).toThrow(
      expect.objectContaining({ code: 'MLD_SPLIT', message: expect.stringMatching(/location.*adult/) }),
    );
  });
});
