/** Which inputs of a pool to ask about next. */
import type { AttackContext } from '../attack-context.ts';
import { farthestFirst } from './selection/farthest-first.ts';
import { mostUncertain } from './selection/most-uncertain.ts';
import { atRandom } from './selection/random.ts';
import type { Selection } from './stealing-attack.ts';

export interface SelectionInput {
  readonly selection: Selection;
  /** Inputs of the pool. */
  readonly size: number;
  /** Positions asked about before, all different, in the order in which they were asked. */
  readonly asked: Uint32Array;
  /** How many more; at most `size − asked.length`. */
  readonly count: number;
  /**
   * What the copy made of all that was asked before believes of inputs: `positions × classes`. Absent in the first
   * round. It is called more than once, with some thousands of positions a time.
   */
  readonly believes?: (positions: Uint32Array) => Promise<Float32Array>;
  readonly classes: number;
}

/** What a selection runs with. */
export type SelectionContext = Pick<AttackContext, 'seed' | 'signal' | 'progress'>;

/** What a selection reads that goes by what the copy believes. */
export type InformedInput = SelectionInput & Required<Pick<SelectionInput, 'believes'>>;

/**
 * Positions that were not asked about, all different, in the order in which to ask. Without a copy every selection is
 * random, and the same as `random`; `random` never consults the copy.
 * @throws the signal's reason when stopped
 */
export const selectQueries = async (
  input: SelectionInput,
  context: SelectionContext,
): Promise<Uint32Array> => {
  const { selection, size, asked, count, believes } = input;
  if (!Number.isInteger(count) || count < 0 || count > size - asked.length)
    throw new Error(`internal: ${count} more queries of ${size} inputs, ${asked.length} of them asked about`);
  context.signal.throwIfAborted();
  if (selection === 'random' || !believes) return atRandom(input, context);
  const informed = { ...input, believes };
  return selection === 'uncertainty' ? mostUncertain(informed, context) : farthestFirst(informed, context);
};
