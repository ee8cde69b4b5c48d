/** Guesses survive being stored, joined and picked. */

import { describe, expect, it } from 'vitest';
import type { FinishedTask } from '../../task.ts';
import { type GuessedRecords, guessesBlobs, guessesOf, joinGuesses, readGuesses } from './guesses-blobs.ts';

const categories: GuessedRecords = {
  ids: Uint32Array.of(4, 9, 2),
  predicted: Int32Array.of(1, 0, 1),
  beliefs: Float64Array.of(0.1, 0.9, 0.7, 0.3, 0.5, 0.5),
};
const numbers: GuessedRecords = { ids: Uint32Array.of(4, 9), predicted: Float64Array.of(31.5, -2) };

const stored = (guesses: GuessedRecords): FinishedTask => {
  const blobs = guessesBlobs(guesses);
  return {
    ...{ key: 'k', kind: 'infer', label: 'l', params: {}, result: {} },
    blobNames: Object.keys(blobs),
    blob: async (name) => blobs[name]!.slice(),
  };
};

describe('guesses', () => {
  it('are read back as they were stored', async () => {
    expect(await readGuesses(stored(categories))).toEqual(categories);
    expect(await readGuesses(stored(numbers))).toEqual(numbers);
  });

  it('of several sets are those of one after the other', () => {
    const joined = joinGuesses([categories, { ...categories, ids: Uint32Array.of(7, 8, 6) }]);
    expect([...joined.ids]).toEqual([4, 9, 2, 7, 8, 6]);
    expect([...joined.predicted]).toEqual([1, 0, 1, 1, 0, 1]);
    expect([...joined.beliefs!]).toEqual([...categories.beliefs!, ...categories.beliefs!]);
    expect(joinGuesses([numbers])).toEqual(numbers);
  });

  it('of some records come in their order', () => {
    expect(guessesOf(categories, Uint32Array.of(2, 4))).toEqual({
      predicted: Int32Array.of(1, 1),
      beliefs: Float64Array.of(0.5, 0.5, 0.1, 0.9),
    });
    expect(guessesOf(numbers, Uint32Array.of(9))).toEqual({ predicted: Float64Array.of(-2) });
    expect(() => guessesOf(numbers, Uint32Array.of(5))).toThrow(
      'internal: nothing was guessed about record 5',
    );
  });
});
