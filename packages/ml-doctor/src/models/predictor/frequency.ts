/** Guesses without any model: from what is commonest, and from what is commonest among records of a class. */
import type { Guesses } from '../../data/guesses.ts';
import { guessLikeliest, medianOf, repeated, sharesOf } from './beliefs.ts';
import type { Examples } from './predictor.ts';

/** What is known: the attribute of some records; without `categories` it is a number. */
export type KnownAttribute = Pick<Examples, 'truth' | 'categories'>;

/** How many examples the shares of the whole count for beside those of one class. */
const PRIOR_EXAMPLES = 1;

/**
 * The same for everybody: the commonest category, the first among equals, with the shares as beliefs; of a number (no
 * `categories`) the median, which has the least mean absolute error.
 */
export const majorityPredictor = ({
  truth,
  categories,
}: KnownAttribute): { readonly predict: (size: number) => Guesses } => {
  if (categories === undefined) {
    const median = medianOf(truth);
    return { predict: (size) => ({ predicted: new Float64Array(size).fill(median) }) };
  }
  const shares = sharesOf(truth, categories);
  return { predict: (size) => guessLikeliest(repeated(shares, size), categories) };
};

/**
 * What the label alone says. P(a | label) = (n(a, label) + share of a) / (n(label) + 1), so that a class without
 * examples has the shares of the whole; of a number the median of the class, or of all for a class without examples.
 * @param labels parallel to `truth`
 */
export const frequencyPredictor = ({
  truth,
  labels,
  categories,
}: KnownAttribute & { readonly labels: ArrayLike<number> }): {
  readonly predict: (labels: ArrayLike<number>) => Guesses;
} => {
  if (truth.length !== labels.length)
    throw new Error(`internal: ${labels.length} labels for ${truth.length} examples`);
  return categories === undefined ? mediansByLabel(truth, labels) : sharesByLabel(truth, labels, categories);
};

const sharesByLabel = (truth: Examples['truth'], labels: ArrayLike<number>, categories: number) => {
  const shares = sharesOf(truth, categories);
  const prior = shares.map((share) => PRIOR_EXAMPLES * share);
  const weights = new Map<number, Float64Array>();
  truth.forEach((category, i) => {
    const label = labels[i] as number;
    const own = weights.get(label) ?? prior.slice();
    (own[category] as number)++;
    weights.set(label, own);
  });
  const beliefs = new Map([...weights].map(([label, own]) => [label, asShares(own)]));
  return {
    predict: (asked: ArrayLike<number>): Guesses => {
      const all = new Float64Array(asked.length * categories);
      for (let i = 0; i < asked.length; i++)
        all.set(beliefs.get(asked[i] as number) ?? shares, i * categories);
      return guessLikeliest(all, categories);
    },
  };
};

const asShares = (weights: Float64Array): Float64Array => {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

const mediansByLabel = (truth: Examples['truth'], labels: ArrayLike<number>) => {
  const values = new Map<number, number[]>();
  truth.forEach((value, i) => {
    const label = labels[i] as number;
    const own = values.get(label) ?? [];
    own.push(value);
    values.set(label, own);
  });
  const medians = new Map([...values].map(([label, own]) => [label, medianOf(own)]));
  const overall = medianOf(truth);
  return {
    predict: (asked: ArrayLike<number>): Guesses => ({
      predicted: Float64Array.from(asked, (label) => medians.get(label) ?? overall),
    }),
  };
};
