/** Finds records that are in two sets by content, and records that are in one set more than once. */
import { contents } from './contents.ts';
import type { Dataset } from './dataset.ts';

/** What two sets of records have in common. Inputs are compared; labels are looked at afterwards. */
export interface Overlap {
  /** The records of the first set whose input is in the second too, in the order of the first. */
  readonly inFirst: Uint32Array;
  /** The same the other way round. */
  readonly inSecond: Uint32Array;
  /** How many different inputs the sets have in common. */
  readonly inputs: number;
  /** How many of `inFirst` are in the second set with the same label. */
  readonly sameLabel: number;
  /** How many of `inFirst` are in the second set with other labels only. */
  readonly otherLabel: number;
}

/** An overlap with the names of its two sets. */
export interface NamedOverlap extends Overlap {
  readonly first: string;
  readonly second: string;
}

/**
 * Exact: no record is taken for another. A record that is itself in both sets counts too.
 *
 * @param first indices of records, as are `second`
 */
export function overlap(dataset: Dataset, first: ArrayLike<number>, second: ArrayLike<number>): Overlap {
  return overlaps(dataset, { first, second })[0]!;
}

/** The overlap of every two of the sets, in the order of their names as given; those of nothing included. */
export function overlaps(
  dataset: Dataset,
  sets: Readonly<Record<string, ArrayLike<number>>>,
): readonly NamedOverlap[] {
  const names = Object.keys(sets);
  const all = names.map((name) => Uint32Array.from(sets[name]!));
  const { numbers, count } = contents(dataset, joined(all));
  let start = 0;
  const parts = all.map((records): Part => {
    const part = { records, inputs: numbers.subarray(start, start + records.length) };
    start += records.length;
    return part;
  });
  return names.flatMap((first, i) =>
    names.slice(i + 1).map((second, j) => ({
      first,
      second,
      ...compare(parts[i]!, parts[i + 1 + j]!, count, dataset),
    })),
  );
}

/** Records with the number of the input of each. */
interface Part {
  readonly records: Uint32Array;
  readonly inputs: Uint32Array;
}

function compare(a: Part, b: Part, count: number, { y, classes }: Dataset): Overlap {
  const has = ({ inputs }: Part): Uint8Array => {
    const flags = new Uint8Array(count);
    for (const input of inputs) flags[input] = 1;
    return flags;
  };
  const [hasA, hasB] = [has(a), has(b)];
  const inFirst = a.records.filter((_, i) => hasB[a.inputs[i]!] === 1);
  const labelled = (part: Part, i: number): number => part.inputs[i]! * classes.length + y[part.records[i]!]!;
  const pairs = new Set(Array.from(b.records, (_, i) => labelled(b, i)));
  const sameLabel = a.records.filter((_, i) => pairs.has(labelled(a, i))).length;
  return {
    inFirst,
    inSecond: b.records.filter((_, i) => hasA[b.inputs[i]!] === 1),
    inputs: hasA.reduce((sum, flag, input) => sum + (flag & hasB[input]!), 0),
    sameLabel,
    otherLabel: inFirst.length - sameLabel,
  };
}

/** Inputs that a set has more than once. */
export interface Duplicates {
  /** The records of each such input, in the order of the set. */
  readonly groups: readonly Uint32Array[];
  /** How many records could be left out without losing an input. */
  readonly surplus: number;
  /** How many of the inputs occur with different labels. */
  readonly conflicting: number;
}

/** Exact, as {@link overlap}. An index given twice is a duplicate too. */
export function duplicates(dataset: Dataset, indices: ArrayLike<number>): Duplicates {
  const { numbers, count } = contents(dataset, indices);
  const members = new Map<number, number[]>();
  const occurrences = new Uint32Array(count);
  for (const input of numbers) occurrences[input]!++;
  numbers.forEach((input, i) => {
    if (occurrences[input] === 1) return;
    const group = members.get(input);
    if (group === undefined) members.set(input, [indices[i]!]);
    else group.push(indices[i]!);
  });
  const groups = [...members.values()].map((group) => Uint32Array.from(group));
  return {
    groups,
    surplus: indices.length - count,
    conflicting: groups.filter((group) => group.some((i) => dataset.y[i] !== dataset.y[group[0]!])).length,
  };
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
