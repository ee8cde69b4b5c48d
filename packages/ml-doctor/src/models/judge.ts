/** Who judges reconstructions: a classifier stronger than the models it is asked about, by the kind of records. */
import type { ArchitectureName } from './architectures.ts';
import type { TrainingRecipe } from './recipe.ts';
import { RESNET_SMALLEST } from './resnet.ts';

export interface Judge {
  readonly architecture: ArchitectureName;
  readonly recipe: TrainingRecipe;
}

/**
 * A residual network for pictures, a wide MLP for table rows and for pictures too small for it. Normalised networks
 * bear a higher learning rate than the paper's models, and so need few epochs: 15 of them on
 * 5,000 pictures of 28×28 take about two minutes of one core.
 */
export const judgeFor = (recordShape: readonly number[]): Judge => {
  const [, height = 0, width = 0] = recordShape;
  return recordShape.length === 3 && Math.min(height, width) >= RESNET_SMALLEST
    ? { architecture: 'resnet', recipe: recipe(15, [9, 13]) }
    : { architecture: 'wide-mlp', recipe: recipe(30, [18, 26]) };
};

const recipe = (epochs: number, milestones: readonly number[]): TrainingRecipe => ({
  ...{ epochs, milestones },
  ...{ batchSize: 64, learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 },
});
