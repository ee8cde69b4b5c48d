/** How Shokri et al. (S&P 2017) give records their roles. */
import type { PaperSplit } from './entry.ts';

/**
 * Members and as many non-members; the attacker's own are at most two sets as large. A shadow model is trained on half of
 * them: as many records as the target, as in the paper, of which overfitting depends; where it drew each set from all that
 * was left, these overlap more.
 */
export const shokriSplit = (members: number, size: number): PaperSplit => ({
  members,
  nonMembers: members,
  auxiliary: Math.min(2 * members, size - 2 * members),
});
