/** What could make single records stand out, without any model: how each lies among the members. */
import { median } from '../../stats/median.ts';
import type { Neighbours } from './neighbours.ts';
import { localOutlierFactors, meanDistances } from './outliers.ts';

/** In the order in which they are kept. */
export const RECORD_FIGURES = [
  'classSize',
  'nearest',
  'nearestOwnClass',
  'nearestOtherClass',
  'meanDistance',
  'localOutlier',
  'labelDisagreement',
  'duplicates',
  'nearDuplicates',
] as const;
export type RecordFigure = (typeof RECORD_FIGURES)[number];

/** One number a record each. */
export type RecordFigures = { readonly [F in RecordFigure]: Float64Array };

export interface RecordPlaces {
  readonly neighbours: Neighbours;
  /** Class of each record, as the neighbours have them. */
  readonly labels: ArrayLike<number>;
  /** How many, the first, are members and neighbours of others. */
  readonly reference: number;
  /** Members of each class, all of them. */
  readonly classSizes: ArrayLike<number>;
  /** Others with the same input among the members (of a member) or the non-members (of a non-member), all of them. */
  readonly duplicates: ArrayLike<number>;
}

/** Near duplicates are nearer than this part of the median distance of a member to its nearest other one. */
const NEAR = 0.25;

/**
 * - `classSize` members of its class
 * - `nearest` distance to the nearest other member; `nearestOwnClass` and `nearestOtherClass` to that of its class and of
 *   another, Infinity where there is none
 * - `meanDistance`, `localOutlier` as in `outliers.ts`
 * - `labelDisagreement` share of another class among the k nearest other members
 * - `duplicates` as given
 * - `nearDuplicates` how many of the k nearest are nearer than a quarter of the median of `nearest` over the members, equal
 *   ones included
 */
export function recordFigures(given: RecordPlaces): RecordFigures {
  const { neighbours, labels, reference, classSizes, duplicates } = given;
  const { k, places, distances } = neighbours;
  const each = (figure: (record: number) => number) =>
    Float64Array.from({ length: labels.length }, (_, i) => figure(i));
  const among = (record: number, counts: (at: number) => boolean) => {
    let count = 0;
    for (let at = record * k; at < (record + 1) * k; at++) if (counts(at)) count++;
    return count;
  };
  const nearest = each((i) => distances[i * k]!);
  const radius = NEAR * median([...nearest.subarray(0, reference)]);
  return {
    classSize: each((i) => classSizes[labels[i]!]!),
    nearest,
    nearestOwnClass: neighbours.ownClass,
    nearestOtherClass: neighbours.otherClass,
    meanDistance: meanDistances(neighbours),
    localOutlier: localOutlierFactors(neighbours),
    labelDisagreement: each((i) => among(i, (at) => labels[places[at]!] !== labels[i]) / k),
    duplicates: each((i) => duplicates[i]!),
    nearDuplicates: each((i) => among(i, (at) => distances[at]! <= radius)),
  };
}
