/**
 * Quantile regression (Bertran et al., NeurIPS 2023): one model learns, from records the target was not trained on,
 * which score such a record gets; a candidate that scores far higher is taken for a member.
 */
import { z } from 'zod';
import { normalQuantile } from '../../../stats/normal.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import { LIMIT } from '../lira/confidence.ts';
import { membershipAttack, type RecordData } from '../membership-attack.ts';
import { type Expected, type Regressor, type Rows, trainRegressor } from './regressor.ts';

const params = z.strictObject({
  loss: z
    .enum(['gaussian', 'pinball'])
    .default('gaussian')
    .describe(
      "gaussian: mean and deviation of the score (the authors' for images); pinball: its quantile at alpha",
    ),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.01)
    .describe('share of non-members that the threshold may take for members'),
  hidden: z.number().int().min(1).default(512).describe('units of each of the two hidden layers'),
  epochs: z.number().int().min(1).default(30),
  batchSize: z.number().int().min(1).default(64),
  learningRate: z.number().positive().default(1e-4),
  weightDecay: z.number().min(0).default(1e-4),
});

export const quantile = membershipAttack({
  name: 'membership/quantile',
  title: 'Quantile regression',
  source: 'Bertran et al., NeurIPS 2023',
  params,
  needs: () => ({ access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' }),
  references: () => ({ count: 0, pool: { kind: 'disjoint' } }),
  asks: () => ({ population: true }),
  run: async ({ target, records, population, data }, training, context) => {
    const scores = await hingeScores(target, population);
    const rows = rowsOf(data, population);
    const regressor = await trainRegressor(rows, scores, training, context);
    // A row's place in a batch may touch its last bits: the order of the records must not.
    const order = Uint32Array.from(records.ids.keys()).sort(
      (a, b) => (records.ids[a] as number) - (records.ids[b] as number),
    );
    const sorted = pick(records, order);
    const excess = excessOf(await hingeScores(target, sorted), await regressor.expect(rowsOf(data, sorted)));
    const found = new Float64Array(order.length);
    order.forEach((place, i) => {
      found[place] = excess[i] as number;
    });
    const threshold = training.loss === 'gaussian' ? normalQuantile(1 - training.alpha) : 0;
    return {
      scores: found,
      threshold,
      notes: await coverageNotes(regressor, rows, scores, threshold, training.alpha),
    };
  },
});

/**
 * z_label − max_{j≠label} z_j, the authors' score of an answer: positive where it is right. Finite: a posterior saved
 * as 0 lies beyond the others.
 */
export const hingeScore = (row: ArrayLike<number>, label: number): number => {
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < row.length; j++) if (j !== label) top = Math.max(top, row[j] as number);
  if (top === Number.NEGATIVE_INFINITY) return LIMIT;
  return (row[label] as number) === Number.NEGATIVE_INFINITY ? -LIMIT : (row[label] as number) - top;
};

const hingeScores = async (model: PosteriorAccess, records: Records): Promise<Float64Array> => {
  const { logits, classes } = await model.query(records);
  return Float64Array.from(records.labels, (label, i) =>
    hingeScore(logits.subarray(i * classes, (i + 1) * classes), label),
  );
};

/** How far a score is above what is expected of a non-member, in deviations. */
const excessOf = (scores: Float64Array, { centre, deviation }: Expected): Float64Array =>
  scores.map((score, i) => (score - (centre[i] as number)) / (deviation[i] as number));

/** What the threshold does on the part of the shadow data that the regressor was not trained on. */
const coverageNotes = async (
  { expect, heldOut }: Regressor,
  rows: Rows,
  scores: Float64Array,
  threshold: number,
  alpha: number,
): Promise<readonly string[]> => {
  if (heldOut.length === 0) return [];
  const chosen = {
    ...rows,
    size: heldOut.length,
    values: new Float32Array(heldOut.length * rows.width),
  };
  heldOut.forEach((row, i) => {
    chosen.values.set(rows.values.subarray(row * rows.width, (row + 1) * rows.width), i * rows.width);
  });
  const own = Float64Array.from(heldOut, (i) => scores[i] as number);
  const above = excessOf(own, await expect(chosen)).filter((excess) => excess >= threshold).length;
  return [
    `The threshold aims at ${100 * alpha} % of non-members; of the ${heldOut.length} shadow records by which the regressor's best epoch was chosen it takes ${above} for members.`,
  ];
};

const rowsOf = (data: RecordData, records: Records): Rows => ({
  values: data.inputs(records),
  size: records.ids.length,
  width: data.recordShape.reduce((a, b) => a * b, 1),
});

const pick = ({ ids, labels }: Records, order: Uint32Array): Records => ({
  ids: order.map((i) => ids[i] as number),
  labels: Int32Array.from(order, (i) => labels[i] as number),
});
