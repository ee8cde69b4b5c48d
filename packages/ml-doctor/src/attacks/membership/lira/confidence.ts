/** LiRA's statistic: the confidence in a record's label, on a scale where it is nearly normally distributed. */
import type { View } from '../../../data/views.ts';
import { expNegative, logOnePlus } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';

/**
 * What an infinite confidence counts as: −ln of the smallest posterior a float32 can hold is 103.3, so that a posterior
 * saved as 0 or 1 lies beyond every other of its table.
 */
export const LIMIT = 104;

/**
 * φ = ln(p / (1 − p)) with p the posterior of the label (Carlini et al. 2022, §VI-A), from logits:
 * z_label − ln Σ_{j≠label} exp z_j, so that no posterior is rounded to 1. Finite.
 */
export const scaledConfidence = (row: ArrayLike<number>, label: number): number => {
  let top = Number.NEGATIVE_INFINITY;
  let place = -1;
  for (let j = 0; j < row.length; j++)
    if (j !== label && (row[j] as number) > top) {
      top = row[j] as number;
      place = j;
    }
  if (place < 0) return LIMIT;
  const own = row[label] as number;
  if (own === Number.NEGATIVE_INFINITY) return -LIMIT;
  let others = 0;
  for (let j = 0; j < row.length; j++)
    if (j !== label && j !== place) others += expNegative((row[j] as number) - top);
  return own - top - logOnePlus(others);
};

/** φ of every record under every view: one array a view, parallel to the records. */
export const confidences = async (
  model: PosteriorAccess,
  records: Records,
  views: readonly View[],
): Promise<readonly Float64Array[]> => {
  const found: Float64Array[] = [];
  for (const view of views) {
    const { logits, classes } = await model.query(records, view);
    found.push(
      Float64Array.from(records.labels, (label, i) =>
        scaledConfidence(logits.subarray(i * classes, (i + 1) * classes), label),
      ),
    );
  }
  return found;
};
