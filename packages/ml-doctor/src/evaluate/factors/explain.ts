/** Which factors explain what a membership attack finds of single members, held against what it says of non-members. */
import { aucMetric } from '../../stats/auc.ts';
import { rankCorrelation } from '../../stats/correlation/rank-correlation.ts';
import { holm } from '../../stats/holm.ts';
import type { Metric } from '../../stats/metric.ts';
import { classCorrelation } from './class-level.ts';
import { type MostExposed, mostExposedOf, type TopShare, topShareOf } from './most-exposed-share.ts';
import { type Groups, groupsOf, placementCorrelation, tenthsOf } from './placement.ts';

export interface ScoredRecords {
  readonly scores: Float64Array;
  /** 1 for a member, parallel to the scores. */
  readonly truth: Uint8Array;
  /** Parallel to the scores; NaN where it is not known of a record, which then does not count. */
  readonly factors: Readonly<Record<string, Float64Array>>;
  /** Class of each record, and the factors that all records of a class share: they are judged over classes. */
  readonly ofClass?: { readonly labels: Int32Array; readonly names: readonly string[] };
}

export interface FactorFinding {
  readonly name: string;
  /** Rank correlation of factor and score, among members and among non-members. */
  readonly members?: Metric;
  readonly nonMembers?: Metric;
  /** As `placementCorrelation` has it: what of it is due to being a member. */
  readonly exposure?: Metric;
  /** AUC of the attack among the records with least and with most of the factor, a tenth each where values allow it. */
  readonly lowest?: Metric;
  readonly highest?: Metric;
  readonly top?: Omit<TopShare, 'pValue' | 'excess'>;
  /** The smaller of that of `exposure` and that of `top`, adjusted by Holm for all that were tested of the attack; absent where nothing was. */
  readonly pValue?: number;
  /** Whether more of it goes with more exposure, or less of it; absent where it explains nothing. */
  readonly explains?: 'more' | 'less';
}

export interface Explained {
  readonly records: { readonly members: number; readonly nonMembers: number };
  /** Absent where scores do not tell them apart. */
  readonly mostExposed?: Omit<MostExposed, 'threshold'>;
  /** In the order given. */
  readonly factors: readonly FactorFinding[];
}

/** Of either kind, below which nothing is said. */
export const LEAST_RECORDS = 100;
/** Probability of calling any factor an explanation where none is one. */
const ERROR = 0.05;

/** Undefined for fewer than {@link LEAST_RECORDS} members or non-members. */
export function explainExposure(records: ScoredRecords): Explained | undefined {
  const { scores, truth, factors } = records;
  const members = truth.reduce((sum, one) => sum + one, 0);
  const nonMembers = truth.length - members;
  if (Math.min(members, nonMembers) < LEAST_RECORDS) return undefined;
  const mostExposed = mostExposedOf(scores, truth);
  const found = Object.entries(factors).map(([name, values]) => judge(name, values, records, mostExposed));
  const adjusted = [...holm(found.flatMap(({ tests }) => tests.map(({ p }) => p)))];
  return {
    records: { members, nonMembers },
    ...(mostExposed && { mostExposed: { members: mostExposed.members, nonMembers: mostExposed.nonMembers } }),
    factors: found.map(({ finding, tests }): FactorFinding => {
      const judged = tests.map(({ sign }) => ({ sign, p: adjusted.shift()! })).sort((a, b) => a.p - b.p);
      const [best] = judged;
      if (best === undefined) return finding;
      return {
        ...finding,
        pValue: best.p,
        ...(best.p < ERROR && best.sign !== 0 && { explains: best.sign > 0 ? 'more' : 'less' }),
      };
    }),
  };
}

/** One factor, and its tests. */
function judge(name: string, values: Float64Array, records: ScoredRecords, exposed: MostExposed | undefined) {
  const known = Uint32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
  const [factor, scores, truth] = [
    Float64Array.from(known, (i) => values[i]!),
    Float64Array.from(known, (i) => records.scores[i]!),
    Uint8Array.from(known, (i) => records.truth[i]!),
  ];
  const among = (kind: 0 | 1) => {
    const own = (of: Float64Array) => of.filter((_, i) => truth[i] === kind);
    return rankCorrelation(own(factor), own(scores));
  };
  const [members, nonMembers] = [among(1), among(0)];
  const both = Math.min(...[0, 1].map((kind) => truth.filter((one) => one === kind).length)) > 0;
  const groups = both ? groupsOf(scores, truth, tenthsOf(factor, truth)) : undefined;
  const shared = records.ofClass?.names.includes(name) ? records.ofClass : undefined;
  const exposure =
    groups &&
    (shared
      ? classCorrelation(
          factor,
          scores,
          truth,
          Int32Array.from(known, (i) => shared.labels[i]!),
        )
      : placementCorrelation(scores, groups));
  const share = exposed && topShareOf(factor, scores, truth, exposed);
  return {
    finding: {
      name,
      ...(members && { members }),
      ...(nonMembers && { nonMembers }),
      ...(exposure && { exposure: exposure.metric, ...ends(scores, groups as Groups) }),
      ...(share && { top: withoutTest(share) }),
    },
    tests: [
      ...(exposure ? [{ p: exposure.pValue, sign: exposure.metric.value }] : []),
      // Above the threshold classes differ for reasons of their own: records of a class do not count one by one.
      ...(share && !shared ? [{ p: share.pValue, sign: share.excess }] : []),
    ],
  };
}

/** AUC in the first and in the last group that has members. */
function ends(
  scores: Float64Array,
  { members, controls }: Groups,
): Pick<FactorFinding, 'lowest' | 'highest'> {
  const aucOf = (group: number) => {
    const at = (places: Uint32Array) => Float64Array.from(places, (i) => scores[i]!);
    return aucMetric({ positives: at(members[group]!), negatives: at(controls[group]!) });
  };
  const there = [...members.keys()].filter((group) => members[group]!.length > 0);
  return { lowest: aucOf(there[0]!), highest: aucOf(there.at(-1)!) };
}

const withoutTest = ({ pValue: _, excess: __, ...told }: TopShare): Omit<TopShare, 'pValue' | 'excess'> =>
  told;
