/** The members that an attack is surest of, and how many non-members it takes for members as surely. */
import type { MembershipArtifact } from './membership.ts';

export interface ExposedMember {
  /** Place among the records of the attack. */
  readonly index: number;
  readonly score: number;
  /** Non-members that score at least as high: those wrongly accused where this member is the last one named. */
  readonly falsePositives: number;
}

/**
 * The surest first; of equal scores the one that comes first.
 *
 * @param truth 1 for a member, parallel to the artifact's ids
 */
export const mostExposed = (
  { scores }: Pick<MembershipArtifact, 'scores'>,
  truth: ArrayLike<number>,
  most: number,
): readonly ExposedMember[] => {
  const scoreOf = (index: number) => scores[index] as number;
  const places = Array.from(scores.keys());
  const members = places
    .filter((index) => truth[index] === 1)
    .sort((a, b) => scoreOf(b) - scoreOf(a) || a - b)
    .slice(0, most);
  const others = Float64Array.from(
    places.filter((index) => truth[index] !== 1),
    scoreOf,
  )
    .sort()
    .reverse();
  let above = 0;
  return members.map((index) => {
    while (above < others.length && (others[above] as number) >= scoreOf(index)) above++;
    return { index, score: scoreOf(index), falsePositives: above };
  });
};
