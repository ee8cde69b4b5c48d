/** What a defence changes of a membership attack: the same records scored with and without it, figure by figure. */
import { AuditError } from '../errors.ts';
import type { Metric } from '../stats/metric.ts';
import {
  pairedBootstrap,
  RESAMPLES,
  type Statistic,
  unseenShare,
  within,
} from '../stats/paired-bootstrap.ts';
import { type RankedRecords, rankRecords, weightedAuc, weightedTailShare } from '../stats/ranked-records.ts';
import { checkArtifact } from './check-artifact.ts';
import type { MembershipArtifact } from './membership.ts';

export type ChangedMetric = 'balancedAccuracy' | 'auc' | 'tprAtFpr0.01';

export interface MembershipChange {
  /**
   * Defended less undefended. `balancedAccuracy`, at each attacker's own threshold, is absent where one of them has
   * none; `tprAtFpr0.01` where there are too few non-members for a bootstrap of it.
   */
  readonly metrics: { readonly [Name in ChangedMetric]?: Metric };
  /** Scored both times. */
  readonly records: { readonly members: number; readonly nonMembers: number };
}

const RATE = 0.01;
/** Expected false alarms below which resamples of the threshold's neighbourhood are too few different ones. */
const FALSE_ALARMS = 10;
/** Of each group; one record has no resamples. */
const FEWEST = 2;

const METHOD = `paired bootstrap over records, members and non-members apart, ${RESAMPLES} resamples, no narrower than a record of a kind not seen allows`;

/**
 * Both score sets of a resample are of the same records, so that what the two have in common is no part of the interval.
 * It is for other records of the same kind attacked with the same two models, not for other trainings.
 *
 * A kind of record that makes up q of the members and r of the non-members goes unseen with a chance of
 * (1 − q)^m (1 − r)^n; where that is 2.5 % or more, q and r can move an AUC by `max(unseenShare(m), unseenShare(n))`, a balanced
 * accuracy by half of it, and the rate of true positives by `unseenShare(m)`. No interval is narrower.
 *
 * Records that only one of the two has are left out. Deterministic for a seed, whatever the order of records.
 *
 * @param members ids of the records that the models were trained on
 * @throws {AuditError} MLD_ARTIFACT as {@link checkArtifact} does, and for fewer than 2 common records of a group
 */
export function changeInMembership(
  undefended: MembershipArtifact,
  defended: MembershipArtifact,
  members: ReadonlySet<number | string>,
  seed: number,
): MembershipChange {
  for (const artifact of [undefended, defended])
    checkArtifact(
      artifact,
      Array.from(artifact.ids, (id) => Number(members.has(id))),
    );
  const [before, after] = [placesOf(undefended), placesOf(defended)];
  const common = [...before.keys()].filter((id) => after.has(id)).sort((a, b) => (a < b ? -1 : 1));
  const groups = [common.filter((id) => members.has(id)), common.filter((id) => !members.has(id))] as const;
  const [positives, negatives] = [groups[0].length, groups[1].length];
  if (Math.min(positives, negatives) < FEWEST)
    throw new AuditError(
      'MLD_ARTIFACT',
      `membership scores: ${positives} members and ${negatives} non-members were scored with and without the defence`,
      `Score at least ${FEWEST} of each both times: use more records.`,
    );
  const ids = [...groups[0], ...groups[1]];
  const ordered = ({ scores }: MembershipArtifact, places: ReadonlyMap<number | string, number>) =>
    Float64Array.from(ids, (id) => scores[places.get(id) as number] as number);
  const scores = [ordered(undefended, before), ordered(defended, after)] as const;
  const hits = Uint8Array.from(ids, (_, i) => Number(i < positives));
  const ranked = [rankRecords(scores[0], hits), rankRecords(scores[1], hits)] as const;
  const rules = [undefended.threshold, defended.threshold] as const;
  const calls = callsOf(scores, rules);
  const [metrics] = pairedBootstrap<Uint8Array, ChangedMetric>(
    [positives, negatives],
    seed,
    countsOf(positives + negatives),
    [statistics(ranked, calls, positives, negatives)],
  );
  return { metrics: metrics!, records: { members: positives, nonMembers: negatives } };
}

const placesOf = ({ ids }: MembershipArtifact): ReadonlyMap<number | string, number> =>
  new Map(Array.from(ids, (id, place) => [id, place]));

/** The counts of both groups one after the other; the same array every time. */
const countsOf = (records: number) => {
  const all = new Uint8Array(records);
  return ([members, nonMembers]: readonly Uint8Array[]): Uint8Array => {
    all.set(members!, 0);
    all.set(nonMembers!, members!.length);
    return all;
  };
};

/** 1 for a record that only the defended model's attacker calls a member, −1 for one that only the other does, else 0. */
const callsOf = (
  [before, after]: readonly [Float64Array, Float64Array],
  [first, second]: readonly [number | undefined, number | undefined],
): Int8Array | undefined =>
  first === undefined || second === undefined
    ? undefined
    : Int8Array.from(after, (score, i) => Number(score >= second) - Number(before[i]! >= first));

const statistics = (
  [before, after]: readonly [RankedRecords, RankedRecords],
  calls: Int8Array | undefined,
  positives: number,
  negatives: number,
): { readonly [Name in ChangedMetric]?: Statistic<Uint8Array> } => {
  const unseen = Math.max(unseenShare(positives), unseenShare(negatives));
  const range = [-1, 1] as const;
  return {
    ...(calls && {
      balancedAccuracy: {
        of: (counts) =>
          (sum(calls, counts, 0, positives) / positives -
            sum(calls, counts, positives, calls.length) / negatives) /
          2,
        ...{ least: within(unseen / 2), range, method: METHOD },
      },
    }),
    auc: {
      of: (counts) => weightedAuc(after, counts) - weightedAuc(before, counts),
      ...{ least: within(unseen), range, method: METHOD },
    },
    ...(negatives * RATE >= FALSE_ALARMS && {
      'tprAtFpr0.01': {
        of: (counts) => weightedTailShare(after, counts, RATE) - weightedTailShare(before, counts, RATE),
        ...{ least: within(unseenShare(positives)), range, method: METHOD },
      },
    }),
  };
};

const sum = (values: Int8Array, counts: Uint8Array, from: number, to: number): number => {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]! * counts[i]!;
  return total;
};
