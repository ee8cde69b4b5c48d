import { stream } from 'onnx-grad';
import { expect, it } from 'vitest';
import { auc } from './auc.ts';
import { rankRecords, weightedAuc, weightedTopShare } from './ranked-records.ts';
import { groupScores } from './roc.ts';

/** Few different scores, so that many tie; counts 0 to 3. */
function drawn(seed: number, size: number) {
  const [a, b, c] = [0, 1, 2].map((part) =>
    stream(seed, 'ranked', part).integers(new Uint32Array(size), part === 1 ? 2 : 4),
  );
  const fine = stream(seed, 'ranked', 'fine').uniform(new Float64Array(size));
  return {
    scores: Float64Array.from(a!, (score, i) => (seed % 2 ? score / 4 : fine[i]!)),
    hits: Uint8Array.from(b!),
    counts: Uint8Array.from(c!),
  };
}

/** Every record written out as often as it counts. */
const writtenOut = <T>(values: ArrayLike<T>, counts: Uint8Array): T[] =>
  Array.from(counts).flatMap((count, i) => new Array<T>(count).fill(values[i]!));

it('has the AUC of the records written out, over all pairs', () => {
  for (let seed = 0; seed < 60; seed++) {
    const { scores, hits, counts } = drawn(seed, 3 + (seed % 20));
    const [s, h] = [writtenOut(scores, counts), writtenOut(hits, counts)];
    const pairs = s.flatMap((a, i) =>
      s.flatMap((b, j) => (h[i] === 1 && h[j] === 0 ? [a > b ? 1 : a === b ? 0.5 : 0] : [])),
    );
    const expected = pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
    const found = weightedAuc(rankRecords(scores, hits), counts);
    if (pairs.length === 0) expect(found).toBeNaN();
    else {
      expect(found).toBeCloseTo(expected, 12);
      expect(found).toBe(auc(groupScores(s, h)));
    }
  }
});

it('is .5 where all scores are equal, and nothing where a kind is missing', () => {
  const ranked = rankRecords([3, 3, 3], [1, 0, 0]);
  expect(weightedAuc(ranked, Uint8Array.of(1, 0, 2))).toBe(0.5);
  expect(weightedAuc(ranked, Uint8Array.of(0, 1, 2))).toBeNaN();
  expect(weightedAuc(ranked, Uint8Array.of(3, 0, 0))).toBeNaN();
  expect(weightedAuc(rankRecords([3, 4, 3], [1, 0, 0]), Uint8Array.of(0, 1, 2))).toBeNaN();
});

it('has the share of hits among the surest, the mean over all orders of those that tie', () => {
  for (let seed = 0; seed < 16; seed++) {
    const { scores, hits, counts } = drawn(seed, 12);
    const [s, h] = [writtenOut(scores, counts), writtenOut(hits, counts)];
    if (s.length === 0) continue;
    const top = 1 + (seed % s.length);
    const ranked = rankRecords(scores, hits);
    // Ties in random order, many times.
    let sum = 0;
    const ORDERS = 1000;
    for (let k = 0; k < ORDERS; k++) {
      const order = [...stream(seed, 'order', k).permutation(s.length)].sort((i, j) => s[j]! - s[i]!);
      for (const i of order.slice(0, top)) sum += h[i]!;
    }
    const found = weightedTopShare(ranked, counts, top);
    expect(Math.abs(found - sum / ORDERS / top)).toBeLessThan(0.06);
  }
});

it.each([
  [1, 1],
  [2, 0.75],
  [3, (1 + 1) / 3],
  [5, (1 + 1 + 1) / 5],
])('of the %i surest %d', (top, share) => {
  const ranked = rankRecords([9, 5, 5, 1, 1, 0], [1, 1, 0, 1, 0, 0]);
  expect(weightedTopShare(ranked, new Uint8Array(6).fill(1), top)).toBeCloseTo(share, 12);
});

it('refuses more than there are', () => {
  expect(() => weightedTopShare(rankRecords([1, 2], [1, 0]), Uint8Array.of(1, 1), 3)).toThrow('internal');
});
