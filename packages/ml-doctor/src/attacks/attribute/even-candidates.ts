/** The values of an attribute that are tried where nothing is known of how common they are. */
import type { AttributeFacts } from '../../data/sensitive.ts';

/** Every category; of a continuous attribute `count` values at equal distances over its range, the ends among them. */
export const evenCandidates = (
  {
    attribute: { categories },
    range,
  }: {
    readonly attribute: AttributeFacts;
    readonly range?: { readonly min: number; readonly max: number } | undefined;
  },
  count: number,
): readonly number[] => {
  if (categories) return categories.map((_, index) => index);
  if (!range) throw new Error('internal: a continuous attribute without its range');
  const { min, max } = range;
  return Array.from({ length: count }, (_, i) => min + ((max - min) * i) / (count - 1));
};
