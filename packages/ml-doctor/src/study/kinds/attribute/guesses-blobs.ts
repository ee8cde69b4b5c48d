/** Guesses of an attribute as the blobs of a task, and back. */
import type { Guesses } from '../../../data/guesses.ts';
import type { FinishedTask } from '../../task.ts';
import { fromBytes, toBytes } from '../typed-bytes.ts';

/** Parallel to `ids`; numbers as float64, categories as int32. */
export interface GuessedRecords extends Guesses {
  readonly ids: Uint32Array;
}

export const guessesBlobs = ({ ids, predicted, beliefs }: GuessedRecords): Record<string, Uint8Array> => ({
  ids: toBytes(ids),
  [predicted instanceof Float64Array ? 'values' : 'categories']: toBytes(predicted),
  ...(beliefs && { beliefs: toBytes(beliefs) }),
});

export const readGuesses = async (task: FinishedTask): Promise<GuessedRecords> => ({
  ids: fromBytes(Uint32Array, await task.blob('ids')),
  predicted: task.blobNames.includes('values')
    ? fromBytes(Float64Array, await task.blob('values'))
    : fromBytes(Int32Array, await task.blob('categories')),
  ...(task.blobNames.includes('beliefs') && { beliefs: fromBytes(Float64Array, await task.blob('beliefs')) }),
});

/** What was guessed of several sets of records, one after the other. */
export const joinGuesses = (parts: readonly GuessedRecords[]): GuessedRecords => {
  const predicted = parts.flatMap((part) => [...part.predicted]);
  const numbers = parts.some((part) => part.predicted instanceof Float64Array);
  const beliefs = parts.flatMap((part) => [...(part.beliefs ?? [])]);
  return {
    ids: Uint32Array.from(parts.flatMap(({ ids }) => [...ids])),
    predicted: numbers ? Float64Array.from(predicted) : Int32Array.from(predicted),
    ...(beliefs.length > 0 && { beliefs: Float64Array.from(beliefs) }),
  };
};

/** Those of some of the records, in their order. */
export const guessesOf = (all: GuessedRecords, ids: Uint32Array): Guesses => {
  const rowOf = new Map(Array.from(all.ids, (id, row) => [id, row]));
  const rows = Array.from(ids, (id) => {
    const row = rowOf.get(id);
    if (row === undefined) throw new Error(`internal: nothing was guessed about record ${id}`);
    return row;
  });
  const { predicted, beliefs } = all;
  const picked =
    predicted instanceof Float64Array
      ? Float64Array.from(rows, (row) => predicted[row] as number)
      : Int32Array.from(rows, (row) => predicted[row] as number);
  if (!beliefs) return { predicted: picked };
  const width = beliefs.length / all.ids.length;
  const own = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    own.set(beliefs.subarray(row * width, (row + 1) * width), i * width);
  });
  return { predicted: picked, beliefs: own };
};
