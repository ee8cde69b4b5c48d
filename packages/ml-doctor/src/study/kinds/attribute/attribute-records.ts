/** Who is asked about, and of whom the attacker knows the attribute. */
import { knownHalf } from '../../../data/attribute-halves.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { Auxiliary } from '../../../targets/threat-model.ts';
import type { SplitRef } from '../data-ref.ts';
import { recordsIn } from '../record-sets.ts';

/** Where known records come from: the shadow data, or half of the target's own. */
export type KnownFrom = 'shadow' | 'partial';

/** Ascending indices; no record is in two of the three. */
export interface AttributeRecords {
  readonly known: Uint32Array;
  readonly members: Uint32Array;
  readonly nonMembers: Uint32Array;
}

export const attributeRecords = (size: number, split: SplitRef, from: KnownFrom): AttributeRecords => {
  const roles = splitQuarters(size, split);
  const nonMembers = roles['target-test'].slice().sort();
  const members = roles['target-train'].slice().sort();
  if (from === 'shadow') return { known: recordsIn('population', size, split), members, nonMembers };
  const { known, asked } = knownHalf(members, split.seed);
  return { known, members: asked, nonMembers };
};

/** Members and non-members together, ascending, so that the order says nothing about membership. */
export const askedOf = ({ members, nonMembers }: AttributeRecords): Uint32Array =>
  Uint32Array.from([...members, ...nonMembers]).sort();

/**
 * What an attack is measured against: an attacker without auxiliary data is held against an imputation that has shadow
 * data, as anybody may.
 */
export const knownFrom = (auxiliary: Auxiliary): KnownFrom =>
  auxiliary === 'partial' ? 'partial' : 'shadow';
