/** Pictures by the class that they were made for, equal ones taken together. */
import type { Stratum } from '../../stats/strata.ts';
import type { Pictures } from './evidence.ts';

/** One picture and its copies of the same class. */
export interface DistinctPicture {
  /** Rows of `Pictures` that hold it, ascending. */
  readonly places: readonly number[];
  /** Of the class's pictures, those that are this one. */
  readonly share: number;
}

export interface ClassPictures {
  readonly class: number;
  readonly distinct: readonly DistinctPicture[];
}

/** Classes that have pictures, ascending. */
export function picturesByClass({ values, wanted }: Pictures): readonly ClassPictures[] {
  const length = values.length / wanted.length;
  const row = (place: number) => values.subarray(place * length, (place + 1) * length);
  const byClass = new Map<number, number[][]>();
  wanted.forEach((label, place) => {
    const groups = byClass.get(label) ?? [];
    byClass.set(label, groups);
    const own = row(place);
    const copies = groups.find(([first]) => row(first!).every((value, i) => value === own[i]));
    if (copies) copies.push(place);
    else groups.push([place]);
  });
  return [...byClass]
    .sort(([a], [b]) => a - b)
    .map(([label, groups]) => {
      const count = groups.reduce((sum, places) => sum + places.length, 0);
      return { class: label, distinct: groups.map((places) => ({ places, share: places.length / count })) };
    });
}

/** One stratum per class, one repeat per different picture; classes where `figure` has no value are left out. */
export const strataOf = (
  classes: readonly ClassPictures[],
  figure: (place: number) => number | undefined,
): readonly Stratum[] =>
  classes
    .map(({ distinct }) =>
      distinct.flatMap(({ places, share }) => {
        const known = places.map(figure).filter((value) => value !== undefined);
        const value = known.reduce((sum, each) => sum + each, 0) / known.length;
        return known.length > 0 ? [{ value, share }] : [];
      }),
    )
    .filter((stratum) => stratum.length > 0);
