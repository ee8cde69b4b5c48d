/** Partial auxiliary data: the part of a target's own records an attacker knows, and the part he is scored on. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';

export interface KnownAndScored {
  /** Records whose membership the attacker knows and may train on. */
  readonly known: Records;
  /** Records his attack is measured on; none of them is among the known. */
  readonly scored: Records;
}

interface Records {
  readonly members: Uint32Array;
  readonly nonMembers: Uint32Array;
}

/**
 * A random third of the members and of the non-members to train an attack on, and another third of each to test it
 * on, as ML-Doctor (USENIX Security 2022) gives <B,P> and <W,P>. Thirds are ⌊n/3⌋ records; what is left of each
 * kind plays no part.
 *
 * @throws {AuditError} MLD_SPLIT for fewer than 3 members or 3 non-members
 */
export function partialThirds(members: Uint32Array, nonMembers: Uint32Array, seed: number): KnownAndScored {
  const [knownMembers, scoredMembers] = twoThirds(members, seed, 'members');
  const [knownNonMembers, scoredNonMembers] = twoThirds(nonMembers, seed, 'non-members');
  return {
    known: { members: knownMembers, nonMembers: knownNonMembers },
    scored: { members: scoredMembers, nonMembers: scoredNonMembers },
  };
}

function twoThirds(
  records: Uint32Array,
  seed: number,
  kind: 'members' | 'non-members',
): [Uint32Array, Uint32Array] {
  const third = Math.floor(records.length / 3);
  if (third === 0) {
    throw new AuditError(
      'MLD_SPLIT',
      `an attack that knows a third of the ${kind} needs at least 3 of them, and there are ${records.length}`,
      'Use more records per role, or auxiliary: shadow.',
    );
  }
  const order = stream(seed, 'thirds', kind).permutation(records.length);
  const part = (from: number) => order.slice(from, from + third).map((place) => records[place]!);
  return [part(0), part(third)];
}
