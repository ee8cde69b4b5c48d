/** Normalisations over `[batch, channels, ...]`. */
import type { Value } from '../value.ts';
import { apply, applyMany } from './apply.ts';

interface BatchNormalizationInputs {
  readonly scale: Value;
  readonly bias: Value;
  readonly mean: Value;
  readonly variance: Value;
}

/** With the running statistics, as at inference. */
export const BatchNormalization = (
  x: Value,
  { scale, bias, mean, variance }: BatchNormalizationInputs,
  attributes: { epsilon?: number } = {},
): Value => apply('BatchNormalization', [x, scale, bias, mean, variance], attributes);

/**
 * With the statistics of the batch; also returns the running ones moved towards them,
 * momentum · old + (1 − momentum) · batch (momentum .9 by default; PyTorch's momentum is 1 minus ONNX's).
 */
export const BatchNormalizationTraining = (
  x: Value,
  { scale, bias, mean, variance }: BatchNormalizationInputs,
  attributes: { epsilon?: number; momentum?: number } = {},
): { y: Value; mean: Value; variance: Value } => {
  const [y, newMean, newVariance] = applyMany(
    'BatchNormalization',
    [x, scale, bias, mean, variance],
    { ...attributes, training_mode: 1 },
    3,
  ) as [Value, Value, Value];
  return { y, mean: newMean, variance: newVariance };
};

export const InstanceNormalization = (
  x: Value,
  scale: Value,
  bias: Value,
  attributes: { epsilon?: number } = {},
): Value => apply('InstanceNormalization', [x, scale, bias], attributes);

/** Over all axes from `axis` (the last by default). */
export const LayerNormalization = (
  x: Value,
  scale: Value,
  bias?: Value,
  attributes: { axis?: number; epsilon?: number } = {},
): Value => apply('LayerNormalization', [x, scale, bias], attributes);
