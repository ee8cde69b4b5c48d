/** The plain figures of somebody's guesses about records that count any number of times each. */
import { weightedAuc, weightedTopShare } from '../../stats/ranked-records.ts';
import type { ByGuesser, Guesser, Ranked, Sample } from './sample.ts';

/** So many of the surest guesses are looked at by themselves. */
export const TOPS = [10, 50, 100] as const;

/** Where there are this many for each that is chosen: of fewer, the surest are just the records. */
export const hasTop = (records: number, top: number): boolean => 2 * top <= records;

/** NaN stands for a figure that the records do not have. */
export interface Figures {
  readonly accuracy: number;
  /** Over the categories that occur. */
  readonly macroF1: number;
  /** Parallel to `rankedCategories`, each of its records against all others. */
  readonly auc: Float64Array;
  /** Parallel to {@link TOPS}. */
  readonly top: readonly number[];
  /** The mean of |guess − truth|: in steps from category to category, or in the attribute's units. */
  readonly meanError: number;
  /** Of each category, the share of its records that are guessed right. */
  readonly recall: Float64Array;
}

/** @param counts how often each record counts; their sum is the number of records */
export function figuresOf({ guesses, categories }: Sample, counts: Uint8Array): ByGuesser<Figures> {
  const figures: { [Name in Guesser]?: Figures } = {};
  for (const [name, ranked] of Object.entries(guesses) as [Guesser, Ranked][])
    figures[name] = categories === 0 ? ofNumbers(ranked, counts) : ofCategories(ranked, categories, counts);
  return figures as ByGuesser<Figures>;
}

function ofNumbers({ errors }: Ranked, counts: Uint8Array): Figures {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]! * errors![i]!;
  return {
    ...{ accuracy: Number.NaN, macroF1: Number.NaN, auc: new Float64Array(0), recall: new Float64Array(0) },
    top: TOPS.map(() => Number.NaN),
    meanError: sum / counts.length,
  };
}

function ofCategories({ auc, surest, cells }: Ranked, categories: number, counts: Uint8Array): Figures {
  const { of, truth, predicted } = cells!;
  const weights = new Float64Array(truth.length);
  for (let i = 0; i < of.length; i++) weights[of[i]!]! += counts[i]!;
  const right = new Float64Array(categories);
  const occurs = new Float64Array(categories);
  const guessed = new Float64Array(categories);
  let [allRight, steps] = [0, 0];
  weights.forEach((weight, cell) => {
    const [is, says] = [truth[cell]!, predicted[cell]!];
    occurs[is]! += weight;
    guessed[says]! += weight;
    if (is === says) {
      right[is]! += weight;
      allRight += weight;
    }
    steps += weight * Math.abs(is - says);
  });
  // TP + FN is what occurs, TP + FP what is guessed.
  const f1 = right.map((tp, c) => (occurs[c] === 0 ? Number.NaN : (2 * tp) / (occurs[c]! + guessed[c]!)));
  return {
    accuracy: allRight / counts.length,
    macroF1: meanKnown(f1),
    auc: Float64Array.from(auc!, (ranked) => (ranked ? weightedAuc(ranked, counts) : Number.NaN)),
    top: TOPS.map((top) =>
      hasTop(counts.length, top) ? weightedTopShare(surest!, counts, top) : Number.NaN,
    ),
    meanError: steps / counts.length,
    recall: right.map((tp, c) => tp / occurs[c]!),
  };
}

/** The mean of those that are not NaN; NaN where all are. */
export function meanKnown(values: Float64Array): number {
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return sum / known;
}
