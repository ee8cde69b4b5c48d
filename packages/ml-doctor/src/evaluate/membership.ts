/**
 * Turns what a membership-inference attack says of each record, and the truth, into metrics with intervals.
 */
import { aucMetric } from '../stats/auc.ts';
import { bestBalancedAccuracyMetric } from '../stats/best-balanced-accuracy.ts';
import type { Metric } from '../stats/metric.ts';
import { groupScores, rocCurve } from '../stats/roc.ts';
import { type RocPoints, thinRoc } from '../stats/thin-roc.ts';
import { decide, type ThresholdMetricName, thresholdMetrics } from '../stats/threshold-metrics.ts';
import { tprAtFprMetric } from '../stats/tpr-at-fpr.ts';
import { checkArtifact } from './check-artifact.ts';

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
const FALSE_POSITIVE_RATES = [0.01, 0.001, 0.0001] as const;

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
    'tprAtFpr0.0001': tprAtFprMetric(groups, 0.0001),
  };
  return {
    metrics,
    curves: { roc: thinRoc(roc) },
    notes: [
      ...resolutionNote(roc.negatives),
      ...rankingNotes(metrics.auc, roc.thresholds.length - 1),
      ...thresholdNotes(threshold, metrics),
    ],
  };
}

/** One note for all rates: whoever lacks the smallest has usually heard it of the others. */
function resolutionNote(nonMembers: number): string[] {
  const coarse = FALSE_POSITIVE_RATES.filter((rate) => nonMembers * rate < RESOLVED_FALSE_ALARMS);
  if (coarse.length === 0) return [];
  const list = (parts: readonly string[]) =>
    [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ');
  const rates = list(coarse.map(String));
  const needed = list(coarse.map((rate) => String(Math.ceil(RESOLVED_FALSE_ALARMS / rate))));
  const each = coarse.length > 1 ? 's' : '';
  return [
    `${nonMembers} non-members cannot resolve the false-positive rate${each} ${rates} (${needed} are needed, for ` +
      `${RESOLVED_FALSE_ALARMS} false alarms): read the figure${each} there by the interval${each} only.`,
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
