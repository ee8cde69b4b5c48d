/** From numbers that were optimised freely back to a record: in each group of places that hold one category, one is set. */
import type { RecordSpace } from './inversion-attack.ts';

/**
 * One record with each group rounded to its largest place (the first of equals), as a share of the range of the place;
 * that one at its high bound, the others at their low.
 */
export const roundCategories = (
  record: Float32Array,
  { bounds: { low, high }, oneHot }: Pick<RecordSpace, 'bounds' | 'oneHot'>,
): Float32Array => {
  const rounded = record.slice();
  const share = (j: number): number => {
    const range = (high[j] as number) - (low[j] as number);
    return range > 0 ? ((record[j] as number) - (low[j] as number)) / range : Number.NEGATIVE_INFINITY;
  };
  for (const { first, width } of oneHot) {
    let best = first;
    for (let j = first + 1; j < first + width; j++) if (share(j) > share(best)) best = j;
    for (let j = first; j < first + width; j++) rounded[j] = (j === best ? high : low)[j] as number;
  }
  return rounded;
};
