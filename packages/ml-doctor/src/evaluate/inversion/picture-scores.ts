/** Compares single pictures with the real records of the class that they were made for. */
import { ssim } from '../../stats/ssim.ts';
import type { ClassRecords } from './class-records.ts';
import { argmin, distancesTo } from './distances.ts';
import type { InversionEvidence, Pictures } from './evidence.ts';
import type { ClassPictures } from './repeats.ts';

/** What a class without members lacks, and where members or non-members are missing all but the first lines. */
export const RECORD_FIGURES = {
  /** Mean squared error to the class's mean member, in unit space. */
  mse: [0, Number.POSITIVE_INFINITY],
  /** The same in the model's own units, as papers give it. */
  mseNormalised: [0, Number.POSITIVE_INFINITY],
  /** Images only, as are the next two. */
  ssimClassMean: [-1, 1],
  ssimNearestMember: [-1, 1],
  ssimNearestNonMember: [-1, 1],
  /** Root mean square per place, unit space. */
  nearestMemberDistance: [0, Number.POSITIVE_INFINITY],
  nearestNonMemberDistance: [0, Number.POSITIVE_INFINITY],
  /** Euclidean, among the judge's features. */
  nearestMemberFeatureDistance: [0, Number.POSITIVE_INFINITY],
  nearestNonMemberFeatureDistance: [0, Number.POSITIVE_INFINITY],
} as const satisfies Record<string, readonly [least: number, most: number]>;

export type RecordFigure = keyof typeof RECORD_FIGURES;
export type RecordFigures = { readonly [Name in RecordFigure]?: number };

export const SPACES = ['values', 'features'] as const;
/** Where distances are taken: between the records themselves, or between what the judge makes of them. */
export type Space = (typeof SPACES)[number];

export interface PictureScore {
  readonly figures: RecordFigures;
  /** Distances to the class's `memberRows`, then to its `nonMemberRows`; absent where it lacks either. */
  readonly distances?: Readonly<Record<Space, Float64Array>>;
  /** Rows of the nearest member and non-member by distance between values. */
  readonly nearest?: { readonly member: number; readonly nonMember: number };
}

/** Parallel to the rows of `pictures`; copies share one score. */
export function scorePictures(
  pictures: Pictures,
  byClass: readonly ClassPictures[],
  records: readonly ClassRecords[],
  evidence: InversionEvidence,
): readonly PictureScore[] {
  const scores: PictureScore[] = new Array(pictures.wanted.length);
  for (const { class: label, distinct } of byClass) {
    for (const { places } of distinct) {
      const score = scorePicture(pictures, places[0]!, records[label]!, evidence);
      for (const place of places) scores[place] = score;
    }
  }
  return scores;
}

function scorePicture(
  pictures: Pictures,
  place: number,
  records: ClassRecords,
  evidence: InversionEvidence,
): PictureScore {
  const { recordShape, members, nonMembers } = evidence;
  const image = evidence.features === 'image';
  const length = pictures.values.length / pictures.wanted.length;
  const row = (values: Float32Array, index: number) => values.subarray(index * length, (index + 1) * length);
  const own = row(pictures.values, place);
  const { mean, memberRows, nonMemberRows } = records;
  if (!mean) return { figures: {} };
  const toMean = {
    mse: meanSquaredError(own, mean.values),
    mseNormalised: meanSquaredError(row(pictures.normalised, place), mean.normalised),
    ...(image && { ssimClassMean: ssim(own, mean.values, recordShape) }),
  };
  if (memberRows.length === 0) return { figures: toMean };
  const featureLength = pictures.features.length / pictures.wanted.length;
  const distances = (space: Space) => {
    const [width, per] = space === 'values' ? [length, length] : [featureLength, 1];
    return [
      distancesTo(pictures[space], place, members[space], memberRows, width, per),
      distancesTo(pictures[space], place, nonMembers[space], nonMemberRows, width, per),
    ] as const;
  };
  const [toMembers, toNonMembers] = distances('values');
  const [featureMembers, featureNonMembers] = distances('features');
  const [m, n] = [argmin(toMembers), argmin(toNonMembers)];
  const nearest = { member: memberRows[m]!, nonMember: nonMemberRows[n]! };
  return {
    nearest,
    distances: {
      values: joined(toMembers, toNonMembers),
      features: joined(featureMembers, featureNonMembers),
    },
    figures: {
      ...toMean,
      ...(image && {
        ssimNearestMember: ssim(own, row(members.values, nearest.member), recordShape),
        ssimNearestNonMember: ssim(own, row(nonMembers.values, nearest.nonMember), recordShape),
      }),
      nearestMemberDistance: toMembers[m]!,
      nearestNonMemberDistance: toNonMembers[n]!,
      nearestMemberFeatureDistance: featureMembers[argmin(featureMembers)]!,
      nearestNonMemberFeatureDistance: featureNonMembers[argmin(featureNonMembers)]!,
    },
  };
}

function meanSquaredError(row: Float32Array, mean: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i]! - mean[i]!) ** 2;
  return sum / row.length;
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
