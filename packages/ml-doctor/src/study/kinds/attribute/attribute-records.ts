/** Who is asked about, and of whom the attacker knows the attribute. */
import { knownHalf } from '../../../data/attribute-halves.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { Auxiliary } from '../../../targets/threat-model.ts';
import type { SplitRef } from '../data-ref.ts';
import { recordsIn } from '../record-sets.ts';

/** Where known records come from: the shadow data, or half of the target's own. */
export type KnownFrom = 'shadow' | 'partial';

/** Ascending indices; none is in both. */
export interface KnownAndAsked {
  readonly known: Uint32Array;
  readonly asked: Uint32Array;
}

/** Of either kind: who is asked about, and of whom the attribute is known to who asks. */
export interface AttributeRecords {
  readonly members: KnownAndAsked;
  readonly nonMembers: KnownAndAsked;
}

/**
 * With partial data the attacker knows the attribute of half of the members and is judged on the other half. His
 * counterpart who asks about non-members knows that of half of the non-members: an attack that learns what the target
 * makes of members and is then shown others would fail for that reason alone, which is no sign of a leak.
 */
export const attributeRecords = (size: number, split: SplitRef, from: KnownFrom): AttributeRecords => {
  const roles = splitQuarters(size, split);
  if (from === 'partial')
    return {
      members: knownHalf(roles['target-train'], split.seed),
      nonMembers: knownHalf(roles['target-test'], split.seed),
    };
  const known = recordsIn('population', size, split);
  return {
    members: { known, asked: roles['target-train'].slice().sort() },
    nonMembers: { known, asked: roles['target-test'].slice().sort() },
  };
};

/**
 * What is asked at once: with the same knowledge members and non-members together, ascending, so that the order says
 * nothing about membership.
 */
export const questionsOf = ({ members, nonMembers }: AttributeRecords): readonly KnownAndAsked[] =>
  members.known === nonMembers.known
    ? [{ known: members.known, asked: Uint32Array.from([...members.asked, ...nonMembers.asked]).sort() }]
    : [members, nonMembers];

/** All that are asked about, in the order of {@link questionsOf}. */
export const askedOf = (records: AttributeRecords): Uint32Array =>
  Uint32Array.from(questionsOf(records).flatMap(({ asked }) => [...asked]));

/** Every record that is known or asked about, each as often as it plays a part. */
export const involved = (records: AttributeRecords): number =>
  questionsOf(records).reduce((sum, { known, asked }) => sum + known.length + asked.length, 0);

/**
 * What an attack is measured against: an attacker without auxiliary data is held against an imputation that has shadow
 * data, as anybody may.
 */
export const knownFrom = (auxiliary: Auxiliary): KnownFrom =>
  auxiliary === 'partial' ? 'partial' : 'shadow';
