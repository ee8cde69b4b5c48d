/** From a recipe to what accountants ask about it. */
import type { TrainingRecipe } from '../../models/recipe.ts';
import type { SubsampledGaussian } from '../../privacy/setting.ts';

/** Each step takes a record with probability batch size / records; an epoch has as many steps as a plain one. */
export const samplingOf = (
  records: number,
  { batchSize, epochs }: TrainingRecipe,
): Omit<SubsampledGaussian, 'noiseMultiplier'> => ({
  sampleRate: batchSize / records,
  steps: epochs * Math.ceil(records / batchSize),
});
