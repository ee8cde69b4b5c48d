/** The gradient of DP-SGD (Abadi et al. 2016, Algorithm 1): clipped per example, summed, noised. */
import { perExampleGradients } from '../autodiff/per-example/per-example.ts';
import { OnnxGradError } from '../errors.ts';
import { Add, Div, Max, Mul } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';

export interface PrivacyOptions {
  /** C: the largest norm an example's gradient may have. */
  readonly clipNorm: number;
  /** σ: the noise added to the sum has deviation σ C. */
  readonly noiseMultiplier: number;
  /** The expected number of records in a batch, by which the noised sum is divided. */
  readonly expectedBatch: number;
}

/** σ C / expected batch: the deviation of the noise that `privateGradients` is to be given. */
export const noiseDeviation = ({ clipNorm, noiseMultiplier, expectedBatch }: PrivacyOptions): number =>
  (noiseMultiplier * clipNorm) / expectedBatch;

/**
 * Σᵢ wᵢ gᵢ / max(1, ‖gᵢ‖/C) / expected batch + noise, for weights wᵢ that are 1 for the records of the batch and 0
 * for padding. ‖gᵢ‖ is over all parameters together. The noise comes scaled, one tensor per parameter of deviation
 * `noiseDeviation`; of a batch that is summed up in parts it goes into the first, and into each other one what the part
 * before it gave.
 * @throws OG_BAD_ARGUMENT, OG_NO_PER_EXAMPLE when a layer lets examples mix
 */
export const privateGradients = (
  losses: Value,
  parameters: readonly Value[],
  weights: Value,
  noise: readonly Value[],
  options: PrivacyOptions,
): Value[] => {
  checkPrivacy(options);
  const { clipNorm, expectedBatch } = options;
  const k = (value: number) => losses.graph.scalar(value);
  const examples = perExampleGradients(losses, parameters);
  const excess = Max(Mul(examples.norms(), k(1 / clipNorm)), k(1));
  const factors = Mul(Div(weights, excess), k(1 / expectedBatch));
  return examples.weightedSums(factors).map((sum, i) => Add(sum, noise[i] as Value));
};

const checkPrivacy = ({ clipNorm, noiseMultiplier, expectedBatch }: PrivacyOptions): void => {
  const wrong = !(clipNorm > 0 && Number.isFinite(clipNorm))
    ? `clipNorm is ${clipNorm}`
    : !(noiseMultiplier >= 0 && Number.isFinite(noiseMultiplier))
      ? `noiseMultiplier is ${noiseMultiplier}`
      : !(expectedBatch > 0 && Number.isFinite(expectedBatch))
        ? `expectedBatch is ${expectedBatch}`
        : undefined;
  if (wrong)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      wrong,
      'clipNorm and expectedBatch are above 0, noiseMultiplier is 0 or more; all are finite.',
    );
};
