/**
 * Turns what a membership-inference attack says of each record, and the truth, into metrics with intervals.
 */
import { AuditError } from '../errors.ts';
import { aucMetric } from '../stats/auc.ts';
import { bestBalancedAccuracyMetric } from '../stats/best-balanced-accuracy.ts';
import type { Metric } from '../stats/metric.ts';
import { groupScores, rocCurve } from '../stats/roc.ts';
import { type RocPoints, thinRoc } from '../stats/thin-roc.ts';
import { decide, type ThresholdMetricName, thresholdMetrics } from '../stats/threshold-metrics.ts';
import { tprAtFprMetric } from '../stats/tpr-at-fpr.ts';

/** What a membership attack returns. */
export interface MembershipArtifact {
  /** One per record, all different: each record counts once. */
  readonly ids: ArrayLike<number | string>;
  /** Parallel to `ids`; a higher score says "more likely a member". Finite. */
  readonly scores: Float64Array;
  /**
   * The attacker's own rule, "member when score ≥ threshold", chosen without the truth; ±Infinity is allowed.
   * Absent for an attack that only ranks.
   */
  readonly threshold?: number;
}

/** The false-positive rates at which every membership attack is measured. */
const FALSE_POSITIVE_RATES = [0.01, 0.001] as const;

type LowFprName = `tprAtFpr${(typeof FALSE_POSITIVE_RATES)[number]}`;

/**
 * Those that need the attacker's threshold are absent without one, `precision` also when it calls nobody a
 * member.
 */
export type MembershipMetrics = {
  readonly [Name in 'auc' | 'bestBalancedAccuracy' | LowFprName]: Metric;
} & { readonly [Name in ThresholdMetricName]?: Metric };

export interface MembershipEvaluation {
  readonly metrics: MembershipMetrics;
  readonly curves: { readonly roc: RocPoints };
  /** Sentences for the reader of a report: what the sample cannot tell, and what looks wrong. */
  readonly notes: readonly string[];
}

/** False alarms a sample must allow at a false-positive rate before the rate counts as resolved. */
const RESOLVED_FALSE_ALARMS = 10;

/**
 * Evaluates an attack on records of known membership. Deterministic: no interval is resampled.
 *
 * @param truth 1 for a member, 0 for a non-member, parallel to `artifact.ids`
 * @throws {AuditError} MLD_ARTIFACT naming the record when lengths differ, an id occurs twice, a score is not
 * finite, a truth is neither 0 nor 1, the threshold is NaN, or one of the groups is empty
 */
export function evaluateMembership(
  artifact: MembershipArtifact,
  truth: ArrayLike<number>,
): MembershipEvaluation {
  checkArtifact(artifact, truth);
  const { scores, threshold } = artifact;
  const groups = groupScores(scores, truth);
  const roc = rocCurve(groups);
  const metrics: MembershipMetrics = {
    auc: aucMetric(groups),
    ...(threshold !== undefined && thresholdMetrics(decide(scores, truth, threshold))),
    bestBalancedAccuracy: bestBalancedAccuracyMetric(roc),
    'tprAtFpr0.01': tprAtFprMetric(groups, 0.01),
    'tprAtFpr0.001': tprAtFprMetric(groups, 0.001),
  };
  return {
    metrics,
    curves: { roc: thinRoc(roc) },
    notes: [
      ...FALSE_POSITIVE_RATES.flatMap((rate) => resolutionNote(roc.negatives, rate)),
      ...rankingNotes(metrics.auc, roc.thresholds.length - 1),
      ...thresholdNotes(threshold, metrics),
    ],
  };
}

function resolutionNote(nonMembers: number, rate: number): string[] {
  const allowed = nonMembers * rate;
  if (allowed >= RESOLVED_FALSE_ALARMS) return [];
  const needed = Math.ceil(RESOLVED_FALSE_ALARMS / rate);
  return [
    `${nonMembers} non-members cannot resolve a false-positive rate of ${rate}: it allows ${Math.floor(allowed)} false alarms, ` +
      `where at least ${RESOLVED_FALSE_ALARMS} (${needed} non-members) are needed. Read tprAtFpr${rate} by its interval only.`,
  ];
}

function rankingNotes(auc: Metric, distinctScores: number): string[] {
  if (distinctScores === 1) return ['All scores are equal: the attack tells no record from another.'];
  if (auc.high >= 0.5) return [];
  return [
    'The attack ranks non-members above members (the AUC interval lies below .5). Either its scores are reversed, or the ' +
      'non-members are drawn from another distribution than the members.',
  ];
}

function thresholdNotes(threshold: number | undefined, metrics: MembershipMetrics): string[] {
  if (threshold === undefined) {
    return ['The attack only ranks records; figures that need a threshold of its own are left out.'];
  }
  if (metrics.precision === undefined) {
    return ["At the attacker's threshold no record is called a member; precision is undefined and left out."];
  }
  return [];
}

function checkArtifact({ ids, scores, threshold }: MembershipArtifact, truth: ArrayLike<number>): void {
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
