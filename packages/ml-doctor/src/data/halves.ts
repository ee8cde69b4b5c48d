/** Which records of a pool each reference model is trained on: a random half, and the other half for its partner. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';

export interface Half {
  /** What the model is trained on. */
  readonly members: Uint32Array;
  /** The rest of the pool. */
  readonly nonMembers: Uint32Array;
}

/**
 * The halves for model number `index` of those trained for `purpose`. Models 2j and 2j+1 get the two halves of one
 * random permutation, so that among any even number of them every record is a member in exactly half, as LiRA
 * (S&P 2022) asks. A model's half does not depend on how many models there are: fewer are the first of more.
 *
 * Of a pool of odd size the first half has one record less. The record left over is a member of model 2j+1 and a
 * non-member of 2j, as any other may be; it is another one in each pair.
 *
 * @param pool different record indices; the halves depend on their order too
 * @throws {AuditError} MLD_SPLIT for fewer than 2 records
 */
export function halves(pool: Uint32Array, seed: number, purpose: string, index: number): Half {
  if (!(Number.isSafeInteger(index) && index >= 0)) throw new Error(`internal: reference model ${index}`);
  if (pool.length < 2) {
    throw new AuditError(
      'MLD_SPLIT',
      `${pool.length} records cannot be halved for reference models`,
      'Use a data set with more records; reference models need hundreds.',
    );
  }
  const order = stream(seed, 'halves', purpose, Math.floor(index / 2))
    .permutation(pool.length)
    .map((place) => pool[place]!);
  const middle = Math.floor(pool.length / 2);
  const [first, second] = [order.slice(0, middle), order.slice(middle)];
  return index % 2 === 0 ? { members: first, nonMembers: second } : { members: second, nonMembers: first };
}
