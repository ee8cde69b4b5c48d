/** Members and non-members of each class: the members' mean, and equal numbers of both to look for neighbours in. */
import { stream } from 'onnx-grad';
import type { InversionEvidence, RealRecords } from './evidence.ts';

export interface ClassRecords {
  /** How many there are. */
  readonly members: number;
  readonly nonMembers: number;
  /** Rows of equally many members and non-members, each by ascending id. */
  readonly memberRows: Uint32Array;
  readonly nonMemberRows: Uint32Array;
  /** Mean member, in unit space and normalised; absent without members. */
  readonly mean?: { readonly values: Float64Array; readonly normalised: Float64Array };
}

/**
 * One per class. The nearest of many records is nearer than the nearest of few, so the larger group of a class gives
 * a random sample, of the size of the smaller one.
 */
export function recordsByClass({
  classes,
  members,
  nonMembers,
  seed,
}: InversionEvidence): readonly ClassRecords[] {
  const [inside, outside] = [rowsByClass(members, classes), rowsByClass(nonMembers, classes)];
  return inside.map((memberRows, label) => {
    const nonMemberRows = outside[label]!;
    const each = Math.min(memberRows.length, nonMemberRows.length);
    const sampled = (rows: Uint32Array) => {
      if (rows.length === each) return rows;
      const places = stream(seed, 'inversion', 'equal numbers', label).sample(rows.length, each).sort();
      return Uint32Array.from(places, (place) => rows[place]!);
    };
    return {
      members: memberRows.length,
      nonMembers: nonMemberRows.length,
      memberRows: sampled(memberRows),
      nonMemberRows: sampled(nonMemberRows),
      ...(memberRows.length > 0 && {
        mean: {
          values: meanRow(members.values, members, memberRows),
          normalised: meanRow(members.normalised, members, memberRows),
        },
      }),
    };
  });
}

/** By ascending id, so that the order in which records come changes nothing. */
function rowsByClass({ ids, labels }: RealRecords, classes: number): readonly Uint32Array[] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, row) => {
    rows[label]!.push(row);
  });
  return rows.map((each) => Uint32Array.from(each.sort((a, b) => ids[a]! - ids[b]!)));
}

function meanRow(values: Float32Array, { labels }: RealRecords, rows: Uint32Array): Float64Array {
  const length = values.length / labels.length;
  const mean = new Float64Array(length);
  for (const row of rows) for (let i = 0; i < length; i++) mean[i]! += values[row * length + i]!;
  for (let i = 0; i < length; i++) mean[i]! /= rows.length;
  return mean;
}
