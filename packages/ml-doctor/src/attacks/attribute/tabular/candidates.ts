/** Which values of an attribute are tried, and how common each is among records whose attribute is known. */
import type { AttributeFacts } from '../../../data/sensitive.ts';

/** Values as they are put into records, ascending, and the share of the known records that each stands for. */
export interface Weighted {
  readonly values: readonly number[];
  /** Not negative, sum 1; 0 for a category that no known record has. */
  readonly shares: Float64Array;
}

/**
 * Every category; of a continuous attribute at most `bins` values: those known are cut into bins of equal frequency, and
 * the median of each (of an even number the lower one, so that it is a value that occurs) stands for it. Equal values
 * share a bin, so that fewer bins, of unequal frequency, remain where values repeat.
 *
 * @param known category indices, or numbers; at least one
 */
export const weightedCandidates = (
  { categories }: AttributeFacts,
  known: ArrayLike<number>,
  bins: number,
): Weighted => {
  if (known.length === 0) throw new Error('internal: no record whose attribute is known');
  if (!categories) return binMedians(Float64Array.from(known).sort(), bins);
  const shares = new Float64Array(categories.length);
  for (let i = 0; i < known.length; i++) {
    const category = known[i] as number;
    shares[category] = (shares[category] as number) + 1;
  }
  return { values: categories.map((_, index) => index), shares: shares.map((n) => n / known.length) };
};

/** A value's bin is that of the first of its equals. */
const binMedians = (sorted: Float64Array, bins: number): Weighted => {
  const groups: number[][] = [];
  let first = 0;
  let last = -1;
  sorted.forEach((value, rank) => {
    if (value !== sorted[first]) first = rank;
    const bin = Math.floor((bins * first) / sorted.length);
    if (bin > last) groups.push([]);
    last = bin;
    groups.at(-1)?.push(value);
  });
  return {
    values: groups.map((group) => group[(group.length - 1) >> 1] as number),
    shares: Float64Array.from(groups, (group) => group.length / sorted.length),
  };
};
