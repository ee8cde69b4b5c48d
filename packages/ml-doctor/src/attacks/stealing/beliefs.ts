/** What an attacker takes the target's posteriors to be, from what its answers show. */
import type { Replies } from '../../targets/oracle.ts';

/**
 * `rows × classes`, each row a distribution. A label is believed altogether. Of the largest posteriors, what they leave
 * of 1 is spread evenly over the classes that are not shown, none of which gets more than the smallest shown: it is
 * larger only where rounding took from those shown. Rows that rounding brought off a sum of 1 are divided by their sum,
 * and rows of nothing but zeros believe in all classes alike, or in the one that is named first.
 */
export const beliefsFrom = (replies: Replies, classes: number): Float32Array => {
  if (replies.shows === 'label') return oneHot(replies.labels, classes);
  const width = replies.shows === 'top' ? replies.k : classes;
  const rows = replies.posteriors.length / width;
  if (!Number.isInteger(rows))
    throw new Error(`internal: ${replies.posteriors.length} posteriors, ${width} a row`);
  const beliefs = new Float32Array(rows * classes);
  const row = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    const shown = replies.posteriors.subarray(i * width, (i + 1) * width);
    if (replies.shows === 'top') {
      const named = replies.classes.subarray(i * width, (i + 1) * width);
      spread(row, shown, named);
      // Rounded to nothing, the answer still names the class that the target thinks likeliest.
      if (shown.every((posterior) => posterior === 0)) row[checkedClass(named[0] as number, classes)] = 1;
    } else row.set(shown);
    normalise(row);
    beliefs.set(row, i * classes);
  }
  return beliefs;
};

const oneHot = (labels: Int32Array, classes: number): Float32Array => {
  const beliefs = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    beliefs[i * classes + checkedClass(label, classes)] = 1;
  });
  return beliefs;
};

/** @param shown posteriors, descending, of the classes given */
const spread = (row: Float64Array, shown: Float32Array, classes: Int32Array): void => {
  const rest = Math.max(0, 1 - sumOf(shown));
  const others = row.length - shown.length;
  row.fill(others > 0 ? Math.min(rest / others, shown.at(-1) as number) : 0);
  classes.forEach((place, j) => {
    row[checkedClass(place, row.length)] = shown[j] as number;
  });
};

/**
 * How far the sum of a distribution in 32 bits may be off: each of its values by half of its last place, 2⁻²⁴ of it at
 * most, and all of them together make 1.
 */
const TOLERANCE = 2 ** -23;

const normalise = (row: Float64Array): void => {
  const sum = sumOf(row);
  if (!Number.isFinite(sum)) throw new Error(`internal: posteriors that sum to ${sum}`);
  if (sum === 0) row.fill(1 / row.length);
  else if (Math.abs(sum - 1) > TOLERANCE) for (let j = 0; j < row.length; j++) row[j]! /= sum;
};

const sumOf = (values: Float32Array | Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

const checkedClass = (place: number, classes: number): number => {
  if (place >= 0 && place < classes) return place;
  throw new Error(`internal: class ${place} of ${classes}`);
};
