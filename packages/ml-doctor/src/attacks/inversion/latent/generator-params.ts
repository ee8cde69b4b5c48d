/** The options of attacks that want a generator trained, and the recipe they add up to. */
import { z } from 'zod';
import type { GeneratorRecipe } from '../../../generators/recipe.ts';

/** ML-Doctor's training (Liu et al. 2022) where an attack says nothing else. */
export const generatorParams = {
  latent: z.int().min(1).describe('Numbers in a latent vector').default(100),
  width: z
    .int()
    .min(1)
    .describe(
      "Channels of the generator's layer next to the picture, doubled towards the latent vector; of table rows a quarter of the first hidden layer",
    )
    .default(64),
  ganEpochs: z.int().min(1).describe('Epochs of training the generator').default(200),
  ganBatchSize: z.int().min(2).describe('Records in a batch of training the generator').default(128),
  ganLearningRate: z.number().positive().describe("Adam's, training the generator").default(2e-4),
  ganBeta1: z.number().min(0).lt(1).describe("Adam's β₁, training the generator").default(0.5),
};

type GeneratorParams = { readonly [Name in keyof typeof generatorParams]: number };

export const recipeOf = (
  { latent, width, ganEpochs, ganBatchSize, ganLearningRate, ganBeta1 }: GeneratorParams,
  guided?: GeneratorRecipe['guided'],
): GeneratorRecipe => ({
  latent,
  width,
  epochs: ganEpochs,
  batchSize: ganBatchSize,
  learningRate: ganLearningRate,
  beta1: ganBeta1,
  ...(guided && { guided }),
});
