/** Sets of records by name, against the split they come from. */

import { describe, expect, it } from 'vitest';
import type { Pool } from '../../attacks/membership/membership-attack.ts';
import { splitQuarters } from '../../data/split.ts';
import { recordsIn, referenceRecords, referenceTraining, trainingRecords } from './record-sets.ts';

const size = 100;
const split = { seed: 3, perRole: 10 };
const roles = splitQuarters(size, split);
const ascending = (...parts: Iterable<number>[]) => parts.flatMap((part) => [...part]).sort((a, b) => a - b);

const pools: readonly (readonly [Pool['kind'], Pool, readonly number[]])[] = [
  ['disjoint', { kind: 'disjoint' }, ascending(roles['shadow-train'], roles['shadow-test'])],
  ['with-candidates', { kind: 'with-candidates' }, ascending(roles['target-train'], roles['target-test'])],
  ['other', { kind: 'other', data: 'adult' }, ascending(roles['shadow-train'], roles['shadow-test'])],
  [
    'synthetic',
    { kind: 'synthetic', synthesis: { method: 'marginals' } },
    Array.from({ length: size }, (_, i) => i),
  ],
];

describe('recordsIn', () => {
  it('is in ascending order, and disjoint for target and attacker', () => {
    const candidates = [...recordsIn('candidates', size, split)];
    const population = [...recordsIn('population', size, split)];
    expect(candidates).toEqual(ascending(roles['target-train'], roles['target-test']));
    expect(population).toEqual(ascending(roles['shadow-train'], roles['shadow-test']));
    expect(candidates.filter((id) => population.includes(id))).toEqual([]);
    expect([...recordsIn('all', 4, split)]).toEqual([0, 1, 2, 3]);
  });
});

describe.each(pools)('a pool of kind %s', (_, pool, records) => {
  const of = (index: number) => referenceRecords(pool, index, size, split);

  it('trains models on the records that are then called their members, the rest of the pool being none', () => {
    for (let index = 0; index < 6; index++) {
      const { members, nonMembers } = of(index);
      expect([...trainingRecords(referenceTraining(pool, index), size, split)]).toEqual([...members]);
      expect(ascending(members, nonMembers)).toEqual(records);
      expect(members.length).toBe(records.length / 2);
    }
  });

  it('has complementary pairs, each its own', () => {
    const sets = Array.from({ length: 6 }, (_, index) => ascending(of(index).members).join());
    expect(new Set(sets).size).toBe(6);
    for (const pair of [0, 2, 4])
      expect(ascending(of(pair).members)).toEqual(ascending(of(pair + 1).nonMembers));
  });
});

it('a pool for models of different kinds trains all of them on the same half', () => {
  const pool: Pool = { kind: 'disjoint', same: true };
  for (const index of [0, 1, 5])
    expect(referenceRecords(pool, index, size, split)).toEqual({
      members: roles['shadow-train'],
      nonMembers: roles['shadow-test'],
    });
});
