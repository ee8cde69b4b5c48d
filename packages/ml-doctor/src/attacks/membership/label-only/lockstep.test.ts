import { describe, expect, it } from 'vitest';
import type { Search } from './hop-skip-jump.ts';
import { inLockstep } from './lockstep.ts';

/** Asks `questions` times about `rows` points at its own number, and finds the sum of what it was told. */
function* counter(number: number, questions: number, rows: number): Search {
  let distance = 0;
  for (let i = 0; i < questions; i++) {
    const verdict = yield { rows, write: (into) => void into.fill(number) };
    expect([verdict.points[0], verdict.points.at(-1)]).toEqual([number, number]);
    expect(verdict.crossed).toHaveLength(rows);
    distance += verdict.crossed.filter(Boolean).length;
  }
  return { point: Float32Array.of(number), distance };
}

const signal = new AbortController().signal;

describe('inLockstep', () => {
  it('gives every search its own verdicts, in batches across searches', async () => {
    const sizes: number[] = [];
    let told = 0;
    const found = await inLockstep(
      // The label is the number where it is even: those never cross.
      [0, 1, 2, 3, 4].map((number) => ({
        search: counter(number, number, number + 1),
        label: 2 * Math.floor(number / 2),
      })),
      {
        labelsOf: async ({ values, rows }) => {
          sizes.push(rows);
          expect(values).toHaveLength(3 * rows);
          return Int32Array.from({ length: rows }, (_, i) => values[3 * i]!);
        },
        recordLength: 3,
        signal,
        asked: (rows) => (told += rows),
      },
    );
    expect(found.map(({ distance }) => distance)).toEqual([0, 2, 0, 12, 0]);
    expect(sizes).toEqual([2 + 3 + 4 + 5, 3 + 4 + 5, 4 + 5, 5]);
    expect(told).toBe(14 + 12 + 9 + 5);
  });

  it('bounds the memory of a batch', async () => {
    const recordLength = 2 ** 21;
    const sizes: number[] = [];
    await inLockstep(
      [1, 2, 3, 4, 5, 6].map((rows) => ({ search: counter(7, 1, rows), label: 0 })),
      {
        labelsOf: async ({ rows }) => {
          sizes.push(rows);
          return new Int32Array(rows);
        },
        recordLength,
        signal,
        asked: () => {},
      },
    );
    // At most four rows of 8 MB, but for a question that is larger by itself.
    expect(sizes).toEqual([3, 3, 4, 5, 6]);
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    const running = inLockstep([{ search: counter(1, 1000, 1), label: 0 }], {
      labelsOf: async ({ rows }) => {
        abort.abort();
        return new Int32Array(rows);
      },
      recordLength: 1,
      signal: abort.signal,
      asked: () => {},
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
