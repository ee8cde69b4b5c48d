/** Refuses scores, truths and ids that no honest figure could come from. */
import { AuditError } from '../errors.ts';
import type { MembershipArtifact } from './membership.ts';

/**
 * @throws {AuditError} MLD_ARTIFACT naming the record when lengths differ, an id occurs twice, a score is not
 * finite, a truth is neither 0 nor 1, the threshold is NaN, or one of the groups is empty
 */
export function checkArtifact(
  { ids, scores, threshold }: MembershipArtifact,
  truth: ArrayLike<number>,
): void {
  if (ids.length !== scores.length || truth.length !== scores.length) {
    throw invalid(
      `${ids.length} ids, ${scores.length} scores and ${truth.length} truths; they must be equally many`,
    );
  }
  if (threshold !== undefined && Number.isNaN(threshold)) throw invalid('the threshold is NaN');
  const seen = new Set<number | string>();
  let members = 0;
  for (let i = 0; i < scores.length; i++) {
    const id = ids[i]!;
    if (seen.has(id)) throw invalid(`record ${id} occurs twice`);
    seen.add(id);
    if (!Number.isFinite(scores[i])) throw invalid(`the score of record ${id} is ${scores[i]}`);
    if (truth[i] !== 0 && truth[i] !== 1)
      throw invalid(`the truth of record ${id} is ${truth[i]}, neither 0 nor 1`);
    members += truth[i]!;
  }
  if (members === 0 || members === scores.length) {
    throw invalid(`${members} members and ${scores.length - members} non-members; an evaluation needs both`);
  }
}

function invalid(what: string): AuditError {
  return new AuditError(
    'MLD_ARTIFACT',
    `membership scores: ${what}`,
    'Give one finite score and one truth (1 member, 0 non-member) for each record, of both kinds.',
  );
}
