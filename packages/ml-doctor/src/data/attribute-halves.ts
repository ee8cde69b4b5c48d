/** Partial auxiliary data of attribute inference: the training records whose attribute the attacker knows already. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';

export interface KnownAndAsked {
  /** Records whose attribute the attacker knows. */
  readonly known: Uint32Array;
  /** The others, on which his attack is measured. */
  readonly asked: Uint32Array;
}

/**
 * A random half of a target's training records, ⌊n/2⌋ of them, for the attacker of <W,P> (ML-Doctor, USENIX Security
 * 2022), and the rest. Both ascend; they depend on which the records are, not on their order.
 *
 * @param members different record indices
 * @throws {AuditError} MLD_SPLIT for fewer than 2 members
 */
export const knownHalf = (members: Uint32Array, seed: number): KnownAndAsked => {
  if (members.length < 2)
    throw new AuditError(
      'MLD_SPLIT',
      `an attack that knows an attribute of half of the members needs at least 2 of them, and there are ${members.length}`,
      'Use more records per role, or auxiliary: shadow.',
    );
  const ascending = members.slice().sort();
  const order = stream(seed, 'attribute', 'known half').permutation(ascending.length);
  const middle = Math.floor(ascending.length / 2);
  const part = (places: Uint32Array) => places.map((place) => ascending[place] as number).sort();
  return { known: part(order.slice(0, middle)), asked: part(order.slice(middle)) };
};
