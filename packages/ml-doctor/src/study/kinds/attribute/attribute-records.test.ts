/** Who is asked about and of whom the attribute is known: never the same record, and alike for members and others. */

import { describe, expect, it } from 'vitest';
import { splitQuarters } from '../../../data/split.ts';
import { askedOf, attributeRecords, involved, questionsOf } from './attribute-records.ts';

const [SIZE, PER_ROLE] = [90, 21];
const split = { seed: 5, perRole: PER_ROLE };
const roles = splitQuarters(SIZE, split);
const sorted = (ids: Uint32Array) => [...ids].sort((a, b) => a - b);

describe('with shadow data', () => {
  const records = attributeRecords(SIZE, split, 'shadow');

  it('everybody of both kinds is asked about, by somebody who knows the shadow data', () => {
    expect([...records.members.asked]).toEqual(sorted(roles['target-train']));
    expect([...records.nonMembers.asked]).toEqual(sorted(roles['target-test']));
    const shadow = [...roles['shadow-train'], ...roles['shadow-test']].sort((a, b) => a - b);
    expect([...records.members.known]).toEqual(shadow);
    expect([...records.nonMembers.known]).toEqual(shadow);
  });

  it('asks about all of them at once, in an order that does not tell who is who', () => {
    const [only, ...others] = questionsOf(records);
    expect(others).toEqual([]);
    expect([...only!.asked]).toEqual(
      [...roles['target-train'], ...roles['target-test']].sort((a, b) => a - b),
    );
    expect(involved(records)).toBe(4 * PER_ROLE);
  });
});

describe('with partial data', () => {
  const records = attributeRecords(SIZE, split, 'partial');

  it('half of either kind is known to who asks about the other half', () => {
    for (const [side, role] of [
      [records.members, 'target-train'],
      [records.nonMembers, 'target-test'],
    ] as const) {
      expect(side.known).toHaveLength(10);
      expect([...side.known, ...side.asked].sort((a, b) => a - b)).toEqual(sorted(roles[role]));
      expect([...side.asked]).toEqual(sorted(side.asked));
    }
  });

  it('asks about members and about others apart, with the same effort', () => {
    expect(questionsOf(records)).toEqual([records.members, records.nonMembers]);
    expect([...askedOf(records)]).toEqual([...records.members.asked, ...records.nonMembers.asked]);
    expect(involved(records)).toBe(2 * PER_ROLE);
  });
});
