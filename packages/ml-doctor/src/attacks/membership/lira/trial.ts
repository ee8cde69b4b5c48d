/** A threshold without the truth: one of the attacker's own models in the target's place, its members known. */
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import type { KnownRecords, Reference } from '../membership-attack.ts';
import { bestThreshold } from '../thresholds.ts';

export interface Trial {
  readonly target: PosteriorAccess;
  /** Members and non-members of the model in the target's place: its whole pool. */
  readonly known: KnownRecords;
  /** `known`, members first. */
  readonly records: Records;
  /** What it is attacked with. */
  readonly references: readonly Reference[];
}

/**
 * The first reference in the target's place, attacked with all others but its partner. The partner was trained on
 * exactly the first one's non-members: with it, members and non-members would differ in how many of the references
 * know them. Without it, each record is in half of every pair, whatever the first was trained on.
 */
export const trialOf = ([first, , ...references]: readonly Reference[]): Trial | undefined => {
  if (!first) return undefined;
  const { model: target, members, nonMembers } = first;
  return {
    target,
    known: { members, nonMembers },
    records: {
      ids: Uint32Array.from([...members.ids, ...nonMembers.ids]),
      labels: Int32Array.from([...members.labels, ...nonMembers.labels]),
    },
    references,
  };
};

/**
 * The threshold of the best balanced accuracy on the trial's scores, parallel to its records; NaN where a record could
 * not be scored. As good as on the target as far as the model is like the target. It lies halfway to the next lower
 * score: where the trial separates the two groups, the target's members need not score as high as the trial's.
 */
export const trialThreshold = (scores: Float64Array, { known }: Trial): number => {
  const best = bestThreshold(...scoresByMembership(scores, known));
  const below = scores.reduce((low, s) => (s < best && s > low ? s : low), Number.NEGATIVE_INFINITY);
  return Number.isFinite(best) && Number.isFinite(below) ? (best + below) / 2 : best;
};

/** Of members and of non-members, without NaN. */
export const scoresByMembership = (
  scores: Float64Array,
  { members }: KnownRecords,
): [Float64Array, Float64Array] => {
  const count = members.ids.length;
  const known = (part: Float64Array) => part.filter((score) => !Number.isNaN(score));
  return [known(scores.subarray(0, count)), known(scores.subarray(count))];
};

/** 1 for each record the reference was trained on. */
export const trainedOn = ({ members }: Reference, { ids }: Records): Uint8Array => {
  const trained = new Set(members.ids);
  return Uint8Array.from(ids, (id) => (trained.has(id) ? 1 : 0));
};
