/** One reconstruction of each class to look at, beside the real records nearest to it. */
import type { InversionEvidence } from './evidence.ts';
import type { Judgement } from './judge-scores.ts';
import type { PictureScore, RecordFigures } from './picture-scores.ts';
import type { ClassPictures } from './repeats.ts';

/** Of one reconstruction alone. */
export type ShownFigures = RecordFigures & {
  readonly targetConfidence: number;
  /** 1 where the judge sees the wanted class, else 0. */
  readonly judgeAccuracy: number;
};

export interface GalleryItem {
  readonly class: number;
  /** Row of the reconstructions. */
  readonly shown: number;
  /** Ids of the nearest records of the class by distance between values; null where it lacks either kind. */
  readonly member: number | null;
  readonly nonMember: number | null;
  readonly metrics: ShownFigures;
}

/** In each class the reconstruction that the target is surest of: the attacker could choose so, not knowing the truth. */
export function galleryOf(
  { reconstructions: { confidence }, members, nonMembers }: InversionEvidence,
  byClass: readonly ClassPictures[],
  scores: readonly PictureScore[],
  judgements: readonly Judgement[],
): readonly GalleryItem[] {
  return byClass.map(({ class: label, distinct }) => {
    const places = distinct.flatMap((each) => each.places).sort((a, b) => a - b);
    const shown = places.reduce((best, place) => (confidence[place]! > confidence[best]! ? place : best));
    const { figures, nearest } = scores[shown]!;
    return {
      class: label,
      shown,
      member: nearest ? members.ids[nearest.member]! : null,
      nonMember: nearest ? nonMembers.ids[nearest.nonMember]! : null,
      metrics: {
        targetConfidence: confidence[shown]!,
        judgeAccuracy: judgements[shown]!.rank === 0 ? 1 : 0,
        ...figures,
      },
    };
  });
}
