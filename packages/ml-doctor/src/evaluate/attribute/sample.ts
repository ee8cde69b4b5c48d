/** Guesses about one group of records, in an order that does not depend on how they came, sorted once for all resamples. */
import type { Guesses } from '../../data/guesses.ts';
import { type RankedRecords, rankRecords } from '../../stats/ranked-records.ts';
import type { AttributeEvidence, Guessed } from './evidence.ts';

const GUESSERS = ['attack', 'imputation', 'majority', 'fromRecord'] as const;
export type Guesser = (typeof GUESSERS)[number];

/** One of each for everybody who guesses. */
export type ByGuesser<T> = { readonly [Name in Exclude<Guesser, 'fromRecord'>]: T } & {
  readonly fromRecord?: T;
};

/** Guesses of one, parallel to the group's ids. */
export interface Ranked {
  readonly predicted: Int32Array | Float64Array;
  /** Absent for a continuous attribute, as `auc`, `surest` and `cells` are. */
  readonly beliefs?: Float64Array;
  /** One for each category that has an AUC of its own (see {@link rankedCategories}); undefined where all or none are it. */
  readonly auc?: readonly (RankedRecords | undefined)[];
  /** By the belief in the guess; right guesses are hits. */
  readonly surest?: RankedRecords;
  /** The pairs of truth and guess that occur, and which of them each record is. */
  readonly cells?: {
    readonly of: Uint32Array;
    readonly truth: readonly number[];
    readonly predicted: readonly number[];
  };
  /** |guess − truth|, of a continuous attribute. */
  readonly errors?: Float64Array;
}

export interface Sample {
  /** Ascending. */
  readonly ids: Uint32Array;
  readonly truth: Int32Array | Float32Array;
  /** 0 for a continuous attribute. */
  readonly categories: number;
  /** Records of each category. */
  readonly occurs: Uint32Array;
  readonly guesses: ByGuesser<Ranked>;
}

/** The AUCs of two categories are one. */
export const rankedCategories = (categories: number): readonly number[] =>
  categories === 2 ? [1] : Array.from({ length: categories }, (_, c) => c);

/** @param guessed checked */
export function sampleOf({ kind, categories }: AttributeEvidence['attribute'], guessed: Guessed): Sample {
  const count = kind === 'continuous' ? 0 : categories!.length;
  const order = new Uint32Array(guessed.ids.length).map((_, i) => i);
  order.sort((a, b) => guessed.ids[a]! - guessed.ids[b]!);
  const ids = order.map((i) => guessed.ids[i]!);
  const truth = guessed.truth.slice() as Int32Array | Float32Array;
  order.forEach((from, i) => {
    truth[i] = guessed.truth[from]!;
  });
  const occurs = new Uint32Array(count);
  if (count > 0) for (const category of truth) occurs[category]!++;
  const guesses: { [Name in Guesser]?: Ranked } = {};
  for (const name of GUESSERS) {
    const own = guessed[name];
    if (own) guesses[name] = rankedGuesses(own, order, truth, count);
  }
  return { ids, truth, categories: count, occurs, guesses: guesses as ByGuesser<Ranked> };
}

function rankedGuesses(
  given: Guesses,
  order: Uint32Array,
  truth: Int32Array | Float32Array,
  categories: number,
): Ranked {
  const predicted = given.predicted.slice() as Guesses['predicted'];
  order.forEach((from, i) => {
    predicted[i] = given.predicted[from]!;
  });
  if (categories === 0)
    return { predicted, errors: Float64Array.from(predicted, (guess, i) => Math.abs(guess - truth[i]!)) };
  const beliefs = new Float64Array(given.beliefs!.length);
  order.forEach((from, i) => {
    beliefs.set(given.beliefs!.subarray(from * categories, (from + 1) * categories), i * categories);
  });
  const sureness = Float64Array.from(predicted, (guess, i) => beliefs[i * categories + guess]!);
  return {
    predicted,
    beliefs,
    auc: rankedCategories(categories).map((c) => {
      const hits = isCategory(truth, c);
      const some = hits.includes(1) && hits.includes(0);
      return some ? rankRecords(beliefIn(beliefs, categories, c), hits) : undefined;
    }),
    surest: rankRecords(
      sureness,
      Uint8Array.from(predicted, (guess, i) => (guess === truth[i] ? 1 : 0)),
    ),
    cells: cellsOf(truth, predicted, categories),
  };
}

/** How often the guess is the truth. */
export function rightGuesses({ truth, guesses }: Sample, guesser: Guesser): number {
  const { predicted } = guesses[guesser]!;
  let right = 0;
  for (const [i, value] of truth.entries()) if (predicted[i] === value) right++;
  return right;
}

export const isCategory = (truth: Sample['truth'], category: number): Uint8Array =>
  Uint8Array.from(truth, (value) => (value === category ? 1 : 0));

/** Of each record. */
export const beliefIn = (beliefs: Float64Array, categories: number, category: number): Float64Array =>
  Float64Array.from({ length: beliefs.length / categories }, (_, i) => beliefs[i * categories + category]!);

/** Only pairs that occur: with many categories most do not. */
function cellsOf(
  truth: Sample['truth'],
  predicted: Ranked['predicted'],
  categories: number,
): NonNullable<Ranked['cells']> {
  const places = new Map<number, number>();
  const of = Uint32Array.from(predicted, (guess, i) => {
    const pair = truth[i]! * categories + guess;
    const place = places.get(pair) ?? places.size;
    places.set(pair, place);
    return place;
  });
  const pairs = [...places.keys()];
  return {
    of,
    truth: pairs.map((pair) => Math.floor(pair / categories)),
    predicted: pairs.map((pair) => pair % categories),
  };
}
