/** Batches for MixupMMD: records as they are, mixed with one another, and strangers of the same classes. */
import { type BatchSource, float32, stream } from 'onnx-grad';
import { batch, type Dataset, elements } from '../../data/dataset.ts';
import { betaQuantile } from '../../stats/beta.ts';
import type { HeldOut } from './hold-out.ts';
import { MIXED, VALIDATION } from './three-passes.ts';

/**
 * λ of a step's batch: Beta(alpha, alpha), 1 for alpha 0. Zhang et al., mixup, ICLR 2018.
 * @param alpha from 0
 */
export const mixingWeight = (alpha: number, seed: number, step: number): number => {
  if (alpha === 0) return 1;
  const share = stream(seed, 'mixup-mmd', 'lambda', step).uniform(new Float64Array(1))[0] as number;
  return alpha === 1 ? share : betaQuantile(share, alpha, alpha);
};

/**
 * Record i of a batch comes as xᵢ; as λ xᵢ + (1 − λ) xⱼ with the target λ eᵢ + (1 − λ) eⱼ (e the one-hot labels, j the
 * batch's records in random order, one λ for the batch); and with a held-out record of its class, drawn with
 * replacement. A record whose class has none held out is compared with itself. All of it is a function of seed and
 * step.
 */
export const mixedSource = (
  data: Dataset,
  { kept, validation }: HeldOut,
  alpha: number,
  seed: number,
): BatchSource => ({
  size: kept.length,
  batch: (positions, { step } = { epoch: 0, step: 0 }) => {
    const indices = positions.map((position) => kept[position] as number);
    const { x, y } = batch(data, indices);
    const lambda = mixingWeight(alpha, seed, step);
    const partner = stream(seed, 'mixup-mmd', 'partner', step).permutation(indices.length);
    const drawn = stream(seed, 'mixup-mmd', 'validation', step).uniform(new Float64Array(indices.length));
    const strangers = indices.map((index, i) => {
      const pool = validation[y[i] as number] as Uint32Array;
      return pool.length === 0 ? index : (pool[Math.floor((drawn[i] as number) * pool.length)] as number);
    });
    const tensor = (values: Float32Array) => float32([indices.length, ...data.recordShape], values);
    return {
      inputs: {
        x: tensor(x),
        [MIXED]: tensor(mixed(x, elements(data.recordShape), partner, lambda)),
        [VALIDATION]: tensor(batch(data, strangers).x),
      },
      target: float32(
        [indices.length, data.classes.length],
        mixed(oneHot(y, data.classes.length), data.classes.length, partner, lambda),
      ),
    };
  },
});

/** Row i is λ rowᵢ + (1 − λ) row of its partner. */
const mixed = (rows: Float32Array, width: number, partner: Uint32Array, lambda: number): Float32Array => {
  const sums = new Float32Array(rows.length);
  partner.forEach((other, i) => {
    for (let k = 0; k < width; k++)
      sums[i * width + k] =
        lambda * (rows[i * width + k] as number) + (1 - lambda) * (rows[other * width + k] as number);
  });
  return sums;
};

const oneHot = (labels: Int32Array, classes: number): Float32Array => {
  const rows = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    rows[i * classes + label] = 1;
  });
  return rows;
};
