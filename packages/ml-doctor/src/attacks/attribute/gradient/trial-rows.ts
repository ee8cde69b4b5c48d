/** What the learned attack model is shown of a record: how the target takes each value, the rest of it and its label. */
import type { Rows } from '../../../models/predictor/predictor.ts';
import type { PartialRecords } from '../attribute-attack.ts';
import type { Tried } from './try-candidates.ts';

export interface TrialRowsOptions {
  /** Of the target. */
  readonly classes: number;
  /** The places of a record that hold the attribute: left out. */
  readonly places: { readonly first: number; readonly width: number };
}

/**
 * One row a record: loss, gap and, where there is one, norm of every candidate, then the rest of the record, then the
 * label, one-hot.
 */
export const trialRows = (
  { losses, gaps, norms }: Tried,
  { records: { labels }, rest }: PartialRecords,
  { classes, places: { first, width } }: TrialRowsOptions,
): Rows => {
  const size = labels.length;
  const told = [losses, gaps, ...(norms ? [norms] : [])];
  const known = rest();
  const length = size === 0 ? 0 : known.length / size;
  const count = size === 0 ? 0 : losses.length / size;
  const each = told.length * count + Math.max(0, length - width) + classes;
  const values = new Float32Array(size * each);
  labels.forEach((label, i) => {
    let at = i * each;
    const put = (part: ArrayLike<number>) => {
      values.set(part, at);
      at += part.length;
    };
    for (const all of told) put(all.subarray(i * count, (i + 1) * count));
    put(known.subarray(i * length, i * length + first));
    put(known.subarray(i * length + first + width, (i + 1) * length));
    values[at + label] = 1;
  });
  return { values, size, width: each };
};
