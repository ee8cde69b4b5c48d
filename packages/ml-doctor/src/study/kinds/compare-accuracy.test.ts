/** The comparison of two targets' accuracies, on answers made by hand. */

import { describe, expect, it, vi } from 'vitest';
import { byHandContext, finished } from '../../../test/study/by-hand.ts';
import { createDataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { pairedProportions } from '../../stats/paired-proportions.ts';
import { compareAccuracy } from './compare-accuracy.ts';
import { dataRef } from './data-ref.ts';
import { recordsIn } from './record-sets.ts';
import { toBytes } from './typed-bytes.ts';

const SIZE = 200;
const CLASSES = 3;
const data = createDataset({
  id: 'made',
  recordShape: [1],
  x: Float32Array.from({ length: SIZE }, (_, i) => i),
  y: Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES),
  classes: ['a', 'b', 'c'],
  normalisation: { scale: 1, mean: [0], std: [1] },
});
vi.mock('../../data/load-dataset.ts', () => ({ loadDataset: async () => data }));

const split = { seed: 3, perRole: 40 };
const ids = recordsIn('candidates', SIZE, split);
/** Answers with the label where `right` says so, otherwise with the class after it. */
const answers = (right: (id: number) => boolean, asked = ids) =>
  finished({
    result: { classes: CLASSES, correct: {} },
    blobs: {
      ids: toBytes(asked),
      logits: toBytes(
        Float32Array.from({ length: asked.length * CLASSES }, (_, i) => {
          const id = asked[Math.floor(i / CLASSES)] as number;
          return Number(i % CLASSES === (id + (right(id) ? 0 : 1)) % CLASSES);
        }),
      ),
    },
  });
const compared = async (...targets: Parameters<typeof answers>[0][]) =>
  (
    await compareAccuracy.run(
      { data: dataRef(data), split },
      targets.map((right) => answers(right)),
      byHandContext,
    )
  ).result;

describe('compare-accuracy', () => {
  const test = [...splitQuarters(SIZE, split)['target-test']];
  const before = (id: number) => id % 7 !== 0;
  const after = (id: number) => id % 5 !== 0 && id % 11 !== 1;

  it('counts who is right on each test record, and no other', async () => {
    const count = (first: boolean, second: boolean) =>
      test.filter((id) => before(id) === first && after(id) === second).length;
    const counts = {
      both: count(true, true),
      onlyFirst: count(true, false),
      onlySecond: count(false, true),
      neither: count(false, false),
    };
    expect(counts.onlyFirst).toBeGreaterThan(counts.onlySecond);
    const members = new Set(splitQuarters(SIZE, split)['target-train']);
    const found = await compared(
      (id) => members.has(id) || before(id),
      (id) => !members.has(id) && after(id),
    );
    expect(found).toEqual({ testAccuracy: pairedProportions(counts), records: 40 });
    expect(found.testAccuracy.value).toBeLessThan(0);
  });

  it('refuses answers to other records', async () => {
    const fewer = [
      answers(before),
      answers(
        after,
        ids.filter((id) => id !== test[0]),
      ),
    ];
    await expect(compareAccuracy.run({ data: dataRef(data), split }, fewer, byHandContext)).rejects.toThrow(
      /internal: record/,
    );
  });
});
