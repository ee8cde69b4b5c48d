/** Poisson samples against the binomial law; a sampler that shuffles fails the same tests. */
import { describe, expect, test } from 'vitest';
import { epochBatches } from './batches.ts';
import { poissonBatch } from './poisson-batches.ts';

type Sampler = (step: number) => ArrayLike<number>;

const size = 50;
const batchSize = 8;
const rate = batchSize / size;
const steps = 20_000;

/**
 * Standard scores of what independent coins make standard normal: record's rates, sizes' mean, sizes' variance, pairs
 * within a step, and one record in two steps that follow each other.
 */
const scoresOf = (sample: Sampler) => {
  const came = Array.from({ length: steps }, (_, step) => {
    const row = new Uint8Array(size);
    for (const record of Array.from(sample(step))) row[record] = 1;
    return row;
  });
  const score = (count: number, trials: number, p: number) =>
    (count - trials * p) / Math.sqrt(trials * p * (1 - p));
  const count = (holds: (row: Uint8Array, step: number) => boolean) => came.filter(holds).length;
  const sizes = came.map((row) => row.reduce((a, b) => a + b, 0));
  const mean = sizes.reduce((a, b) => a + b, 0) / steps;
  const variance = size * rate * (1 - rate);
  const squares = sizes.reduce((sum, n) => sum + (n - batchSize) ** 2, 0) / steps;
  // Fourth central moment of a binomial: v (1 + 3 (n - 2) p (1 - p)).
  const fourth = variance * (1 + 3 * (size - 2) * rate * (1 - rate));
  return {
    rates: Array.from({ length: size }, (_, i) =>
      score(
        count((row) => row[i] === 1),
        steps,
        rate,
      ),
    ),
    mean: (mean - batchSize) / Math.sqrt(variance / steps),
    variance: (squares - variance) / Math.sqrt((fourth - variance ** 2) / steps),
    pairs: [1, 2, 31, 32, 49].map((j) =>
      score(
        count((row) => row[0] === 1 && row[j] === 1),
        steps,
        rate ** 2,
      ),
    ),
    following: [0, 7, 49].map((i) =>
      score(
        count((row, step) => row[i] === 1 && came[(step + 1) % steps]?.[i] === 1),
        steps,
        rate ** 2,
      ),
    ),
  };
};

/** Beyond 5 deviations a perfect sampler of another seed falls once in 29,000 runs of all 61 scores. */
const limit = 5;
const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

describe('poissonBatch', () => {
  test('is independent coins: rates, sizes, pairs, steps', () => {
    const found = scoresOf((step) => poissonBatch(size, batchSize, 9, step));
    expect(largest(found.rates)).toBeLessThan(limit);
    expect(Math.abs(found.mean)).toBeLessThan(limit);
    expect(Math.abs(found.variance)).toBeLessThan(limit);
    expect(largest(found.pairs)).toBeLessThan(limit);
    expect(largest(found.following)).toBeLessThan(limit);
  });

  test('the same test catches batches of a shuffled epoch, and fresh samples of one size', () => {
    const perEpoch = Math.ceil(size / batchSize);
    const shuffled = scoresOf(
      (step) => epochBatches(size, batchSize, 9, Math.floor(step / perEpoch))[step % perEpoch] as Uint32Array,
    );
    expect(Math.abs(shuffled.variance)).toBeGreaterThan(4 * limit);
    expect(largest(shuffled.following)).toBeGreaterThan(limit);
    const oneSize = scoresOf((step) => epochBatches(size, batchSize, 9, step)[0] as Uint32Array);
    expect(largest(oneSize.rates), 'its rates are right').toBeLessThan(limit);
    expect(Math.abs(oneSize.variance)).toBeGreaterThan(10 * limit);
  });

  test('is ascending, takes all at rate 1, and depends on seed and step alone', () => {
    expect([...poissonBatch(5, 5, 1, 0)]).toEqual([0, 1, 2, 3, 4]);
    for (const batch of [1, 999, 1000 - 1 / 1000]) {
      if (!Number.isInteger(batch)) continue;
      const sample = poissonBatch(1000, batch, 1, 3);
      expect([...sample]).toEqual([...new Set(sample)].sort((a, b) => a - b));
      expect([...poissonBatch(1000, batch, 1, 3)]).toEqual([...sample]);
    }
    expect(poissonBatch(1000, 500, 1, 3)).not.toEqual(poissonBatch(1000, 500, 1, 4));
    expect(poissonBatch(1000, 500, 1, 3)).not.toEqual(poissonBatch(1000, 500, 2, 3));
  });

  test('refuses a batch that is larger than the data, or none', () => {
    for (const batch of [0, 6, 1.5, Number.NaN])
      expect(() => poissonBatch(5, batch, 1, 0)).toThrow(
        expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }),
      );
  });
});
