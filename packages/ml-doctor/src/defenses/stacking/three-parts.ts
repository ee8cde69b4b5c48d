/** Training records in three disjoint parts, one for each model of a stack. */
import { stream } from 'onnx-grad';
import { AuditError } from '../../errors.ts';

export interface ThreeParts {
  readonly network: Uint32Array;
  readonly forest: Uint32Array;
  readonly meta: Uint32Array;
}

/** Random thirds that cover all records; where 3 does not divide them, the last ones are larger by a record. */
export const threeParts = (records: Uint32Array, seed: number): ThreeParts => {
  const order = stream(seed, 'stacking', 'parts').permutation(records.length);
  const part = (third: number): Uint32Array =>
    order
      .subarray(Math.floor((third * records.length) / 3), Math.floor(((third + 1) * records.length) / 3))
      .map((place) => records[place] as number);
  return { network: part(0), forest: part(1), meta: part(2) };
};

/** @throws {AuditError} MLD_DEFENSE_UNSUITED when a part would have fewer records than there are classes */
export const requireThreeParts = (records: number, classes: number): void => {
  if (records >= 3 * classes) return;
  throw new AuditError(
    'MLD_DEFENSE_UNSUITED',
    `stacking trains three models on a third of the records each: ${classes} classes need ${3 * classes} training records, and there are ${records}`,
    'Train on more records, or choose another defence.',
  );
};
