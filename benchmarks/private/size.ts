/** Which training a case measures, and on how much. */
import type { NetworkKind } from '../engine/models.ts';

export interface Size {
  readonly kind: NetworkKind;
  readonly records: number;
  /** Epochs of a turn that are timed; one before them is not. */
  readonly epochs: number;
}

/** A short one, to see that everything works. */
export const few: Omit<Size, 'kind'> = { records: 256, epochs: 1 };
