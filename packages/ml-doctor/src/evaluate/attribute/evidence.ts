/** What an attribute attack is judged by: its guesses and those of others, on members and on non-members. */
import type { Guesses } from '../../data/guesses.ts';
import type { AttributeFacts } from '../../data/sensitive.ts';

/** The same records, guessed by all. */
export interface Guessed {
  /** Different record indices. */
  readonly ids: Uint32Array;
  /** Category indices, or the numbers of a continuous attribute; parallel to `ids`. */
  readonly truth: Int32Array | Float32Array;
  readonly attack: Guesses;
  /** By a model that knows what the attacker knows, the target excepted. */
  readonly imputation: Guesses;
  /** By a model that sees the rest of the record (the picture, all other columns), where the attacker does not. */
  readonly fromRecord?: Guesses;
  /** Always the same: the commonest category, or the median, of the auxiliary data. */
  readonly majority: Guesses;
}

export interface AttributeEvidence {
  readonly attribute: Pick<AttributeFacts, 'name' | 'kind' | 'categories'>;
  readonly members: Guessed;
  readonly nonMembers: Guessed;
  readonly seed: number;
}

/** Baselines by the names that reports know them by. */
export const BASELINE = {
  majority: 'majority',
  imputation: 'imputation without the model',
  fromRecord: 'imputation from the rest of the record',
  nonMembers: 'same attack on non-members',
} as const;
