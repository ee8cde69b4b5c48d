/** The metrics of a membership attack for each group of records, as for each class. */
import { aucMetric } from '../stats/auc.ts';
import type { Metric } from '../stats/metric.ts';
import { groupScores } from '../stats/roc.ts';
import { decide, thresholdMetrics } from '../stats/threshold-metrics.ts';
import { tprAtFprMetric } from '../stats/tpr-at-fpr.ts';
import { checkArtifact } from './check-artifact.ts';
import type { MembershipArtifact } from './membership.ts';

export interface Grouping {
  /** What the records are grouped by, as "class". */
  readonly by: string;
  /** Names of the groups. */
  readonly values: readonly string[];
  /** For each record, parallel to the artifact, its group as an index into `values`; each is in one group. */
  readonly of: ArrayLike<number>;
}

/** Absent without a threshold; precision also where nobody of the group is called a member. */
type AtThreshold = { readonly [Name in 'balancedAccuracy' | 'precision' | 'recall']?: Metric };

export type SliceMetrics = {
  readonly [Name in 'auc' | 'tprAtFpr0.01']: Metric;
} & AtThreshold;

/** As `slices` of a report has it. */
export interface MembershipSlice {
  readonly by: string;
  readonly value: string;
  readonly records: { readonly members: number; readonly nonMembers: number };
  readonly metrics: SliceMetrics;
}

export interface SlicedEvaluation {
  /** In the order of the grouping's values. */
  readonly slices: readonly MembershipSlice[];
  readonly notes: readonly string[];
}

/** More groups than this are counted in a note, not listed. */
const MOST_LISTED = 8;

/**
 * Evaluates the attack within each group: its members against its own non-members, at the attack's one
 * threshold. A group that lacks members or non-members is left out, with a note.
 *
 * Each interval holds for its own group; of many, about one in twenty misses.
 *
 * @param truth 1 for a member, 0 for a non-member, parallel to `artifact.ids`
 * @throws {AuditError} MLD_ARTIFACT as `evaluateMembership` does
 * @throws {Error} `internal:` when the grouping is not parallel to the records or names a group it does not have
 */
export function evaluateSlices(
  artifact: MembershipArtifact,
  truth: ArrayLike<number>,
  grouping: Grouping,
): SlicedEvaluation {
  checkArtifact(artifact, truth);
  const groups = membersOfGroups(grouping, artifact.scores.length);
  const slices: MembershipSlice[] = [];
  const left: string[] = [];
  grouping.values.forEach((value, g) => {
    const at = groups[g]!;
    const scores = Float64Array.from(at, (i) => artifact.scores[i]!);
    const own = Uint8Array.from(at, (i) => truth[i]!);
    const members = own.reduce((sum, one) => sum + one, 0);
    const nonMembers = own.length - members;
    if (members === 0 || nonMembers === 0) left.push(`${value} (${members} and ${nonMembers})`);
    else {
      const metrics = sliceMetrics(scores, own, artifact.threshold);
      slices.push({ by: grouping.by, value, records: { members, nonMembers }, metrics });
    }
  });
  return { slices, notes: leftOutNote(grouping.by, left) };
}

function sliceMetrics(scores: Float64Array, truth: Uint8Array, threshold: number | undefined): SliceMetrics {
  const groups = groupScores(scores, truth);
  const { balancedAccuracy, precision, recall } =
    threshold === undefined ? {} : thresholdMetrics(decide(scores, truth, threshold));
  return {
    auc: aucMetric(groups),
    ...(balancedAccuracy && { balancedAccuracy }),
    ...(precision && { precision }),
    ...(recall && { recall }),
    'tprAtFpr0.01': tprAtFprMetric(groups, 0.01),
  };
}

/** The places of each group's records, ascending. */
function membersOfGroups({ by, values, of }: Grouping, size: number): readonly Uint32Array[] {
  if (of.length !== size) throw new Error(`internal: ${of.length} groups by ${by} for ${size} records`);
  const counts = new Uint32Array(values.length);
  for (let i = 0; i < size; i++) {
    const g = of[i]!;
    if (!(Number.isInteger(g) && g >= 0 && g < values.length))
      throw new Error(`internal: record ${i} is in group ${g} of ${values.length} by ${by}`);
    counts[g]!++;
  }
  const groups = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(values.length);
  for (let i = 0; i < size; i++) groups[of[i]!]![filled[of[i]!]!++] = i;
  return groups;
}

function leftOutNote(by: string, left: readonly string[]): string[] {
  if (left.length === 0) return [];
  const more = left.length > MOST_LISTED ? ` and ${left.length - MOST_LISTED} more` : '';
  return [
    `Left out of the figures by ${by}, for want of members or non-members (so many of each): ` +
      `${left.slice(0, MOST_LISTED).join(', ')}${more}.`,
  ];
}
