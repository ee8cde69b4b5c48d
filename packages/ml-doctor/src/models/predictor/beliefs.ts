/** From what a model says of each category to guesses. */
import type { Guesses } from '../../data/guesses.ts';
import { argmax } from '../../stats/argmax.ts';
import { logOnePlus, posterior } from '../../stats/log-posterior.ts';

/** The likeliest category of each row, the first among equals. `beliefs`: `rows × categories`. */
export const guessLikeliest = (beliefs: Float64Array, categories: number): Guesses => ({
  predicted: Int32Array.from({ length: beliefs.length / categories }, (_, row) =>
    argmax(beliefs.subarray(row * categories, (row + 1) * categories)),
  ),
  beliefs,
});

/** softmax of each row of logits, and the likeliest. */
export const guessFromLogits = (logits: Float64Array, categories: number): Guesses => {
  const beliefs = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += categories)
    beliefs.set(posterior(logits.subarray(at, at + categories)), at);
  return guessLikeliest(beliefs, categories);
};

/** The same belief for each of `size` rows. */
export const repeated = (belief: Float64Array, size: number): Float64Array => {
  const all = new Float64Array(size * belief.length);
  for (let row = 0; row < size; row++) all.set(belief, row * belief.length);
  return all;
};

/** Share of each category; all alike when there are no examples. */
export const sharesOf = (truth: ArrayLike<number>, categories: number): Float64Array => {
  if (truth.length === 0) return new Float64Array(categories).fill(1 / categories);
  const shares = new Float64Array(categories);
  for (let i = 0; i < truth.length; i++) (shares[truth[i] as number] as number)++;
  return shares.map((count) => count / truth.length);
};

/** ln of the shares, with one example more that is spread evenly, so that none is infinite. */
export const logShares = (truth: ArrayLike<number>, categories: number): Float64Array =>
  sharesOf(truth, categories).map((share) => {
    const smoothed = (share * truth.length + 1 / categories) / (truth.length + 1);
    return -logOnePlus((1 - smoothed) / smoothed);
  });

/** The middle of the values, or the mean of the middle two; 0 of none. */
export const medianOf = (values: ArrayLike<number>): number => {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  return half === 0 ? 0 : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};
