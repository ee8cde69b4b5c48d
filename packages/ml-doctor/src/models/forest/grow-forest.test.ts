import fc from 'fast-check';
import { type DecisionTree, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { everyRecord, smallData } from '../../../test/models/small-data.ts';
import { walkForest, walkTree } from '../../../test/models/walk-trees.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type ForestOptions, growForest } from './grow-forest.ts';

const grow = (data: Dataset, trees: number, changes: Partial<ForestOptions> = {}) =>
  growForest({
    ...{ data, trees },
    records: everyRecord(data),
    seed: 0,
    signal: new AbortController().signal,
    onTree: () => {},
    ...changes,
  });

const row = (data: Dataset, record: number) => {
  const width = data.x.length / data.size;
  return data.x.subarray(record * width, (record + 1) * width);
};
const largest = (values: readonly number[]) => values.indexOf(Math.max(...values));
const isLeaf = (tree: DecisionTree) => tree.features.length === 1;

/** Coordinates and labels without any relation. */
const noise = (size: number, width: number, classes: number, seed = 0) => {
  const x = stream(seed, 'x').normal(new Float32Array(size * width));
  const y = stream(seed, 'y').integers(new Uint32Array(size), classes);
  return smallData(
    Array.from({ length: size }, (_, i) => [...x.subarray(i * width, (i + 1) * width)]),
    [...y],
    { classes },
  );
};

describe('growForest', () => {
  it('knows labels without any reason by heart, from pure leaves', async () => {
    const data = noise(150, 5, 4);
    const trees = await grow(data, 100);
    for (const tree of trees) expect(new Set(tree.votes.weight)).toEqual(new Set([1]));
    for (let record = 0; record < data.size; record++)
      expect(largest(walkForest(trees, row(data, record), 4))).toBe(data.y[record]);
  });

  it('is right about every record in a tree’s own sample', async () => {
    const data = noise(60, 3, 3);
    // One tree knows e⁻¹ = .37 of the records not at all, and guesses a third of those.
    const shares = (await grow(data, 100)).map(
      (tree) =>
        [...data.y].filter((label, i) => walkTree(tree, row(data, i), 3)[label] === 1).length / data.size,
    );
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    expect(mean).toBeGreaterThan(0.632 + 0.368 / 3 - 0.06);
    expect(mean).toBeLessThan(0.632 + 0.368 / 3 + 0.06);
  });

  it('learns an exclusive or, whose first split helps nothing', async () => {
    const corners = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const;
    const rows = corners.flatMap((corner) => Array.from({ length: 10 }, () => [...corner]));
    const data = smallData(
      rows,
      rows.map(([a, b]) => a! ^ b!),
    );
    const trees = await grow(data, 20);
    for (const [a, b] of corners) expect(walkForest(trees, [a, b], 2)[a ^ b]).toBe(1);
  });

  it('puts thresholds between the values of the records, and no record on the wrong side', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 8 }),
        async (values) => {
          // Neighbouring float32 values too, between which there is no number.
          const data = smallData(
            values.map((value) => [value]),
            values.map((_, i) => i),
          );
          for (const tree of await grow(data, 5))
            for (let record = 0; record < data.size; record++) {
              const said = walkTree(tree, row(data, record), data.size);
              expect(said.reduce((a, b) => a + b)).toBe(1);
              // A leaf holds one label only: in the sample, it is this record's.
              if (tree.votes.class.includes(record)) expect(said[record]).toBe(1);
            }
        },
      ),
      { numRuns: 60 },
    );
    // Halfway between these neighbours rounds to the upper one.
    const [low, high] = [1 + 2 ** -23, 1 + 2 ** -22];
    const [close] = await grow(
      smallData([[low], [low], [low], [high], [high], [high]], [0, 0, 0, 1, 1, 1]),
      1,
    );
    expect([...close!.thresholds]).toEqual([low, 0, 0]);
    const [tree] = await grow(smallData([[0], [0], [0], [4], [4], [4]], [0, 0, 0, 1, 1, 1]), 1);
    expect([...tree!.thresholds]).toEqual([2, 0, 0]);
    expect([...tree!.features]).toEqual([0, -1, -1]);
  });

  it('draws as many records as there are, with replacement', async () => {
    // No feature tells records apart: each tree is one leaf with the classes of its sample.
    const ones = 12;
    const size = 40;
    const data = smallData(
      Array.from({ length: size }, () => [1, 1]),
      Array.from({ length: size }, (_, i) => (i < ones ? 1 : 0)),
    );
    const trees = await grow(data, 400);
    expect(trees.every(isLeaf)).toBe(true);
    const shares = trees.map((tree) => walkTree(tree, [1, 1], 2)[1]!);
    for (const share of shares) expect(share * size).toBeCloseTo(Math.round(share * size), 4);
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1);
    const p = ones / size;
    const expected = (p * (1 - p)) / size;
    expect(Math.abs(mean - p)).toBeLessThan(4 * Math.sqrt(expected / 400));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / 400));
  });

  it('tries the square root of the number of features at each split', async () => {
    // The first of nine decides alone; it is at the root whenever it is among the three tried.
    const others = noise(60, 8, 2);
    const rows = Array.from({ length: 60 }, (_, i) => [i, ...row(others, i)]);
    const data = smallData(
      rows,
      rows.map((_, i) => (i < 30 ? 0 : 1)),
    );
    const trees = await grow(data, 300);
    const first = trees.filter(({ features }) => features[0] === 0).length;
    expect(Math.abs(first - 100)).toBeLessThan(4 * Math.sqrt((300 * 2) / 9));
  });

  it('goes on to other features where those it tried are constant', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => [...new Array<number>(24).fill(7), i % 2]);
    const data = smallData(
      rows,
      rows.map((_, i) => i % 2),
    );
    for (const tree of await grow(data, 20)) expect([...tree.features]).toEqual([24, -1, -1]);
  });

  it('takes data that teach nothing', async () => {
    const one = await grow(smallData([[3, 4]], [2], { classes: 5 }), 3);
    expect(one.every(isLeaf)).toBe(true);
    expect(walkForest(one, [0, 0], 5)).toEqual([0, 0, 1, 0, 0]);
    const same = noise(20, 3, 1);
    const single = await grow(
      smallData(
        [...same.y].map((_, i) => [...row(same, i)]),
        [...same.y],
        { classes: 2 },
      ),
      3,
    );
    expect(single.every(isLeaf)).toBe(true);
    expect(walkForest(single, [0, 0, 0], 2)).toEqual([1, 0]);
    await expect(grow(same, 3, { records: new Uint32Array(0) })).rejects.toMatchObject({ code: 'MLD_USAGE' });
  });

  it('depends on records and seed, and on nothing else', async () => {
    const data = noise(40, 6, 3);
    const trees = await grow(data, 6);
    expect(await grow(data, 6)).toEqual(trees);
    expect(await grow(data, 3)).toEqual(trees.slice(0, 3));
    expect(new Set(trees.map((tree) => JSON.stringify(tree))).size).toBe(6);
    expect(await grow(data, 6, { seed: 1 })).not.toEqual(trees);
    const some = Uint32Array.of(5, 1, 33, 8, 12, 20, 21, 2);
    const part = smallData(
      [...some].map((record) => [...row(data, record)]),
      [...some].map((record) => data.y[record]!),
      { classes: 3 },
    );
    expect(await grow(data, 6, { records: some })).toEqual(await grow(part, 6));
  });

  it('sees records as the model will: normalised', async () => {
    const data = noise(30, 4, 2);
    const normalisation = { scale: 1, mean: [3, 0, 0, 0], std: [0.5, 1, 1, 1] };
    const [plain, moved] = [await grow(data, 4), await grow({ ...data, normalisation }, 4)];
    let compared = 0;
    plain.forEach((tree, t) => {
      expect(moved[t]!.features).toEqual(tree.features);
      tree.features.forEach((feature, node) => {
        const threshold = tree.thresholds[node]!;
        if (feature === 0) compared++;
        expect(moved[t]!.thresholds[node]!).toBeCloseTo(feature === 0 ? (threshold - 3) * 2 : threshold, 4);
      });
    });
    expect(compared).toBeGreaterThan(3);
  });

  it('tells of every tree, and stops between two', async () => {
    const told: number[] = [];
    const abort = new AbortController();
    const growing = grow(noise(20, 2, 2), 50, {
      signal: abort.signal,
      onTree: (count) => {
        told.push(count);
        // From outside, as a message to a busy worker would come.
        if (count === 3) setImmediate(() => abort.abort());
      },
    });
    await expect(growing).rejects.toMatchObject({ code: 'MLD_ABORTED' });
    expect(told.slice(0, 3)).toEqual([1, 2, 3]);
    expect(told.length).toBeLessThan(6);
  });
});
