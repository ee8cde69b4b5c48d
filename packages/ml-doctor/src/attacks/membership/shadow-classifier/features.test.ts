import { describe, expect, it } from 'vitest';
import type { Records, WhiteBoxAccess } from '../../../targets/access.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { batchOf, blackBoxFeatures, whiteBoxFeatures } from './features.ts';

const table = {
  ids: Uint32Array.of(10, 11, 12, 13),
  logits: Float32Array.of(0, Math.log(6), Math.log(3), 7, 7, -9, 7, 7, -9, 1e-30, 0, 0),
  classes: 3,
};
const records: Records = { ids: Uint32Array.of(11, 10, 12, 13), labels: Int32Array.of(0, 1, 1, 0) };
const sorted = [0.5, 0.5, 0, 0.6, 0.3, 0.1, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3];

const close = (found: Float32Array | undefined, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  for (const [i, v] of expected.entries()) expect(found?.[i]).toBeCloseTo(v, 6);
};

describe('blackBoxFeatures', () => {
  it('are the posteriors from the largest down and whether the prediction is right', async () => {
    const found = await blackBoxFeatures(savedOutputs(table), records);
    expect(found.size).toBe(4);
    const { posteriors, correct } = batchOf(found, Uint32Array.of(0, 1, 2, 3));
    expect(posteriors?.dims).toEqual([4, 3]);
    close(posteriors?.data as Float32Array, sorted);
    // Of equal logits the first is the prediction; a logit ahead by less than a posterior can show is ahead.
    expect(correct?.data).toEqual(Float32Array.of(1, 1, 0, 1));
    const some = batchOf(found, Uint32Array.of(2, 1));
    expect(some.correct?.data).toEqual(Float32Array.of(0, 1));
    close(some.posteriors?.data as Float32Array, [0.5, 0.5, 0, 0.6, 0.3, 0.1]);
  });
});

describe('whiteBoxFeatures', () => {
  it('are sorted posteriors, loss, gradient by class and one-hot label', async () => {
    const model: WhiteBoxAccess = {
      ...savedOutputs(table),
      lastLayer: async ({ ids }) => ({
        // Told apart by the record: delta c of record r is r + c / 10, activation j is (j + 1) r.
        deltas: Float32Array.from(
          { length: 3 * ids.length },
          (_, i) => ids[Math.floor(i / 3)]! + (i % 3) / 10,
        ),
        activations: Float32Array.from({ length: 2 * ids.length }, (_, i) => ((i % 2) + 1) * ids[i >> 1]!),
        outputs: 3,
        inputs: 2,
      }),
    };
    const found = await whiteBoxFeatures(model, records);
    const batch = batchOf(found, Uint32Array.of(1, 0, 3));
    const data = (name: string) => batch[name]?.data as Float32Array;
    expect(Object.fromEntries(Object.entries(batch).map(([name, { dims }]) => [name, dims]))).toEqual({
      posteriors: [3, 3],
      loss: [3, 1],
      gradient: [3, 1, 3, 2],
      label: [3, 3],
    });
    close(data('posteriors'), [...sorted.slice(3, 6), ...sorted.slice(0, 3), ...sorted.slice(9)]);
    close(data('label'), [0, 1, 0, 1, 0, 0, 1, 0, 0]);
    // Record 10 has the posteriors .1, .6, .3 and label 1; record 11 has .5 at its label, record 13 a third.
    close(data('loss'), [-Math.log(0.6), Math.log(2), Math.log(3)]);
    const matrix = (id: number) => [0, 0.1, 0.2].flatMap((c) => [(id + c) * id, 2 * (id + c) * id]);
    const expected = [10, 11, 13].flatMap(matrix);
    expect(data('gradient')).toHaveLength(18);
    for (const [i, v] of expected.entries()) expect(data('gradient')[i]).toBeCloseTo(v, 3);
  });
});
