/** How many of the most exposed members are among those who have most of a factor. */
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import { twoSided } from './placement.ts';

/** The members an attack is surest of: those at or above a threshold. */
export interface MostExposed {
  readonly threshold: number;
  readonly members: number;
  /** That score as high. */
  readonly nonMembers: number;
}

const SHARE = 0.01;
const LEAST = 20;

/**
 * The top 1 % of the members by score, 20 at least, ties included; undefined where ties more than double that, as of an
 * attack that gives few different scores.
 *
 * @param truth 1 for a member
 */
export function mostExposedOf(scores: Float64Array, truth: ArrayLike<number>): MostExposed | undefined {
  const members = scores
    .filter((_, i) => truth[i] === 1)
    .sort()
    .reverse();
  const wanted = Math.max(LEAST, Math.ceil(SHARE * members.length));
  const threshold = members[wanted - 1];
  if (threshold === undefined) return undefined;
  const above = members.filter((score) => score >= threshold).length;
  if (above > 2 * wanted) return undefined;
  const nonMembers = scores.filter((score, i) => truth[i] !== 1 && score >= threshold).length;
  return { threshold, members: above, nonMembers };
}

const TOP = 0.1;

/**
 * The value from which on a member counts as having most of a factor: a tenth of the members, or as many fewer as equal
 * values want; where more than a tenth share the largest value, all of those. Undefined where these are half or more.
 *
 * @param values of the members
 */
export function topFrom(values: Float64Array): number | undefined {
  const sorted = values.slice().sort().reverse();
  const limit = Math.floor(TOP * sorted.length);
  const least = sorted[0];
  let from: number | undefined;
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i + 1] === sorted[i]) continue;
    if (i + 1 > limit) break;
    from = sorted[i];
  }
  if (from !== undefined) return from;
  const equal = sorted.filter((value) => value === least).length;
  return equal < sorted.length / 2 ? least : undefined;
}

export interface TopShare {
  /** Members who have most of the factor, of all members. */
  readonly members: number;
  readonly share: number;
  /** Of them, how many are among the most exposed. */
  readonly exposed: number;
  /** Times as many as their share of all members. */
  readonly lift: Metric;
  /** Non-members who score as high, and how many of them have as much of the factor. */
  readonly others: { readonly records: number; readonly top: number };
  /** Two-sided, that being a member lifts those above the threshold no more often than the rest. */
  readonly pValue: number;
  /** What {@link pValue} is of: above 0 where they are lifted more often. */
  readonly excess: number;
}

/** Non-members with most of the factor below which they are no control. */
const LEAST_CONTROLS = 10;

/**
 * Lift: the share of the factor's top among the most exposed, with its exact interval, over that among all members. It says
 * nothing yet of membership: what makes a record score high may make non-members score high too. The test is of that part
 * alone: of the records with most of the factor, the share of members above the threshold less that of non-members, less
 * the same of the other records, with the normal interval of Agresti & Caffo (Am. Stat. 54, 2000) for each share. Where
 * hardly any non-member has so much of the factor, its top and the rest are held against all of them.
 */
export function topShareOf(
  values: Float64Array,
  scores: Float64Array,
  truth: ArrayLike<number>,
  exposed: MostExposed,
): TopShare | undefined {
  const from = topFrom(values.filter((value, i) => truth[i] === 1 && !Number.isNaN(value)));
  if (from === undefined) return undefined;
  /** By [non-member, member], [rest, top]: records, and those above the threshold. */
  const all = [0, 0, 0, 0];
  const above = [0, 0, 0, 0];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const cell = 2 * (truth[i] === 1 ? 1 : 0) + (value >= from ? 1 : 0);
    all[cell]!++;
    if (scores[i]! >= exposed.threshold) above[cell]!++;
  });
  const [others, othersTop, rest, top] = all as [number, number, number, number];
  const [othersAbove, othersTopAbove, restAbove, topAbove] = above as [number, number, number, number];
  if (top === 0 || rest === 0 || topAbove + restAbove === 0) return undefined;
  const share = top / (top + rest);
  const among = topAbove + restAbove;
  const interval = clopperPearson(topAbove, among);
  const ofMembers = difference([topAbove, top], [restAbove, rest]);
  const ofOthers =
    othersTop >= LEAST_CONTROLS && others > 0
      ? difference([othersTopAbove, othersTop], [othersAbove, others])
      : { value: 0, variance: 0 };
  const excess = ofMembers.value - ofOthers.value;
  return {
    members: top,
    share,
    exposed: topAbove,
    lift: {
      value: topAbove / among / share,
      ...{ low: interval.low / share, high: interval.high / share },
      method: 'Clopper-Pearson, 95 %, over the share of all members',
    },
    others: { records: othersAbove + othersTopAbove, top: othersTopAbove },
    pValue: twoSided(excess / Math.sqrt(ofMembers.variance + ofOthers.variance)),
    excess,
  };
}

type Count = readonly [successes: number, trials: number];

function difference(a: Count, b: Count): { readonly value: number; readonly variance: number } {
  const shares = [a, b].map(([successes, trials]) => {
    const share = (successes + 1) / (trials + 2);
    return { share, variance: (share * (1 - share)) / (trials + 2) };
  });
  return {
    value: shares[0]!.share - shares[1]!.share,
    variance: shares[0]!.variance + shares[1]!.variance,
  };
}
