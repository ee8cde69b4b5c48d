/** How large a case's networks and data are. */
import type { GeneratorRecipe } from '../../packages/ml-doctor/src/generators/recipe.ts';

export interface Size {
  readonly batchSize: number;
  readonly records: number;
  /** Channels of the widest picture layer. */
  readonly width: number;
}

/** A few steps on small networks, to see that everything runs. */
export const tiny: Size = { batchSize: 8, records: 80, width: 4 };

export const recipeOf = ({ batchSize, width }: Size, epochs: number): GeneratorRecipe => ({
  ...{ latent: 100, width, epochs, batchSize, learningRate: 2e-4, beta1: 0.5 },
});

/** A last batch that is not full is left out. */
export const stepsPerEpoch = ({ records, batchSize }: Size): number => Math.floor(records / batchSize);
