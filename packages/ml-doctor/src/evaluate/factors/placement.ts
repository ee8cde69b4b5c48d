/** Where a member's score stands among non-members that are like it in one factor. */

import { pearson } from '../../stats/correlation/correlation.ts';
import { fisherInterval } from '../../stats/correlation/fisher-interval.ts';
import type { Metric } from '../../stats/metric.ts';
import { ascending, midRanks } from '../../stats/mid-ranks.ts';
import { normalCdf } from '../../stats/normal.ts';

/** Groups of records, by how much they have of a factor. */
export interface Tenths {
  /** Of each record its group, 0 upwards; every group has a member. */
  readonly of: Uint8Array;
  readonly count: number;
  /** For each group the groups whose non-members its members are held against: its own, and its neighbours where it has too few. */
  readonly controls: readonly (readonly number[])[];
}

const GROUPS = 10;
/** Non-members below which a group borrows those of its neighbours. */
const LEAST_CONTROLS = 10;

/**
 * Tenths of all records by their mid-ranks, so that equal values stay together; fewer groups where values repeat.
 *
 * @param truth 1 for a member
 */
export function tenthsOf(values: Float64Array, truth: ArrayLike<number>): Tenths {
  const raw = Array.from(midRanks(values), (rank) => Math.min(GROUPS - 1, Math.floor(GROUPS * rank)));
  const counts = (kind: 0 | 1, group: number) =>
    raw.reduce((sum, own, i) => sum + (own === group && truth[i] === kind ? 1 : 0), 0);
  const groups = Array.from({ length: GROUPS }, (_, group) => ({
    group,
    members: counts(1, group),
    nonMembers: counts(0, group),
  })).filter(({ members, nonMembers }) => members + nonMembers > 0);
  const controls = groups.map((_, at) => {
    for (let reach = 0; ; reach++) {
      const near = groups.map((__, i) => i).filter((i) => Math.abs(i - at) <= reach);
      const there = near.reduce((sum, i) => sum + groups[i]!.nonMembers, 0);
      if (there >= LEAST_CONTROLS || reach >= groups.length) return near;
    }
  });
  const number = new Map(groups.map(({ group }, i) => [group, i]));
  return { of: Uint8Array.from(raw, (group) => number.get(group)!), count: groups.length, controls };
}

/** The records of each group by ascending score: members, and the non-members that they are held against. */
export interface Groups {
  readonly members: readonly Uint32Array[];
  readonly controls: readonly Uint32Array[];
}

export function groupsOf(scores: Float64Array, truth: ArrayLike<number>, tenths: Tenths): Groups {
  const places = ascending(scores);
  const each = (holds: (place: number, group: number) => boolean) =>
    Array.from({ length: tenths.count }, (_, group) => places.filter((place) => holds(place, group)));
  return {
    members: each((i, group) => truth[i] === 1 && tenths.of[i] === group),
    controls: each((i, group) => truth[i] === 0 && tenths.controls[group]!.includes(tenths.of[i]!)),
  };
}

export interface PlacementCorrelation {
  readonly metric: Metric;
  /** Two-sided, that it is 0. */
  readonly pValue: number;
}

/**
 * Correlation, over members, of the rank of their group with their placement value: the share of their controls that score
 * lower, ties half (Pepe & Cai, Biometrics 60, 2004; Janes & Pepe, Biometrika 96, 2009, condition on covariates so). The
 * mean of the placement values of a group is the AUC within the group, so this is how far the AUC rises with the factor. 0
 * where being a member lifts scores alike whatever the factor, even if the factor itself moves the scores of everybody.
 *
 * The standard error is that of the influence of each member and each control on it, groups held fixed, as DeLong et al.
 * (Biometrics 44, 1988) have it of an AUC; the interval is normal on Fisher's scale.
 *
 * @returns undefined where there is one group only, or all members have the same placement value
 */
export function placementCorrelation(
  scores: Float64Array,
  { members, controls }: Groups,
): PlacementCorrelation | undefined {
  const count = members.reduce((sum, group) => sum + group.length, 0);
  const [ranks, placements] = [new Float64Array(count), new Float64Array(count)];
  let [at, before] = [0, 0];
  members.forEach((group, g) => {
    const own = placementsIn(scores, group, controls[g]!);
    placements.set(own, at);
    ranks.fill((before + group.length / 2) / count, at, at + group.length);
    at += group.length;
    before += group.length;
  });
  const value = pearson(ranks, placements) ?? Number.NaN;
  if (Number.isNaN(value)) return undefined;
  const [x, e] = [standardised(ranks), standardised(placements)];
  let variance = 0;
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    variance += (x.z[i]! * e.z[i]! - (value / 2) * (x.z[i]! ** 2 + e.z[i]! ** 2)) ** 2;
    weights[i] = (x.z[i]! - value * e.z[i]!) / (count * e.deviation);
  }
  variance /= count ** 2;
  at = 0;
  members.forEach((group, g) => {
    variance += controlVariance(scores, group, controls[g]!, weights.subarray(at, at + group.length));
    at += group.length;
  });
  const error = Math.sqrt(variance) / (1 - value ** 2);
  return {
    metric: {
      value,
      ...fisherInterval(value, error),
      method: 'influence of records on Fisher’s scale, 95 %',
    },
    pValue: value === 0 ? 1 : twoSided(Math.atanh(value) / error),
  };
}

/** P(|Z| ≥ |z|). */
export const twoSided = (z: number): number => 2 * normalCdf(-Math.abs(z));

/** @param group and `controls`: places by ascending score */
function placementsIn(scores: Float64Array, group: Uint32Array, controls: Uint32Array): Float64Array {
  let [below, upTo] = [0, 0];
  return Float64Array.from(group, (member) => {
    const score = scores[member]!;
    while (below < controls.length && scores[controls[below]!]! < score) below++;
    upTo = Math.max(upTo, below);
    while (upTo < controls.length && scores[controls[upTo]!]! <= score) upTo++;
    return (below + upTo) / 2 / controls.length;
  });
}

/** What chance in the draw of the controls adds: each moves the placement values of all members that it scores below. */
function controlVariance(
  scores: Float64Array,
  group: Uint32Array,
  controls: Uint32Array,
  weights: Float64Array,
): number {
  // Weights of the members above a control, and half of those at its score.
  let [above, from, to] = [weights.reduce((sum, weight) => sum + weight, 0), 0, 0];
  let equal = 0;
  const moves = Float64Array.from(controls, (control) => {
    const score = scores[control]!;
    if (to === from || scores[group[from]!]! < score) {
      for (from = to, equal = 0; from < group.length && scores[group[from]!]! < score; from++)
        above -= weights[from]!;
      for (to = from; to < group.length && scores[group[to]!]! === score; to++) equal += weights[to]!;
      above -= equal;
    }
    return above + equal / 2;
  });
  const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
  const squares = moves.reduce((sum, move) => sum + (move - mean) ** 2, 0);
  return squares / (moves.length * Math.max(1, moves.length - 1));
}

function standardised(values: Float64Array): { readonly z: Float64Array; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { z: values.map((value) => (value - mean) / deviation), deviation };
}
