/** Poisson sampling: which records a private training step takes. */
import { OnnxGradError } from '../errors.ts';
import type { Seed } from '../random/key.ts';
import { stream } from '../random/stream.ts';

const TWO_32 = 2 ** 32;

/**
 * The records of step `step` (counted from 0), ascending: each of `size` by its own coin, with probability `batchSize` /
 * `size` exactly, independent of all others and of all other steps (Abadi et al. 2016, Algorithm 1: "take a random
 * sample with sampling probability L/N"). None may come, and all may.
 * @throws OG_BAD_ARGUMENT unless 1 ≤ batchSize ≤ size < 2^32
 */
export const poissonBatch = (
  size: number,
  batchSize: number,
  seed: Seed,
  step: number,
): Uint32Array<ArrayBuffer> => {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > size)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `batchSize is ${batchSize} with ${size} records`,
      'Pass a whole number from 1 up to the number of records.',
    );
  const coins = stream(seed, 'poisson', step);
  if (batchSize === size) return coins.poissonSample(size, 1);
  // A coin is a 32-bit word below rate · 2^32, which is seldom whole: the word that holds its fraction gets a second coin.
  const scaled = BigInt(batchSize) * BigInt(TWO_32);
  const threshold = Number(scaled / BigInt(size));
  const rest = Number(scaled % BigInt(size));
  const candidates = coins.poissonSample(size, (threshold + 1) / TWO_32);
  const one = new Float32Array(1);
  const second = new Uint32Array(1);
  return candidates.filter(
    (record) =>
      coins.bernoulli(one, threshold / TWO_32, 1, record)[0] === 1 ||
      (coins.integers(second, size, record)[0] as number) < rest,
  );
};
