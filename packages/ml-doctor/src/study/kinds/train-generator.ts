/** Task kind `train-generator`: a GAN on the attacker's shadow data, shared by the attacks that want the same one. */
import { decodeModel, encodeModel } from 'onnx-grad';
import { boundsOf } from '../../data/bounds.ts';
import { batch } from '../../data/dataset.ts';
import { featureKind } from '../../data/feature-kind.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import { trainGenerator as train } from '../../generators/train-generator.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { recordsIn } from './record-sets.ts';
import { trainingCheckpoint } from './training-checkpoint.ts';

export type TrainGeneratorParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly recipe: GeneratorRecipe;
};

export type TrainGeneratorResult = {
  readonly steps: number;
  /** Mean of each epoch. */
  readonly generatorLosses: readonly number[];
  readonly discriminatorLosses: readonly number[];
  /** Numbers in a latent vector. */
  readonly latent: number;
  /** Whether both networks take a class beside their other input. */
  readonly conditional: boolean;
};

/**
 * Input: the target's `train` task, where the recipe is guided. Blobs: `generator.onnx` and `discriminator.onnx`, as
 * `readGenerator` reads them.
 */
export const trainGenerator: TaskHandler<TrainGeneratorParams, TrainGeneratorResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/generators',
    'ml-doctor/stats/log-posterior',
    'ml-doctor/study/kinds/train-generator',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/training-checkpoint',
    'ml-doctor/study/kinds/record-sets',
  ],
  run: async (params, [target], { seed, threads, device, signal, places, checkpoint, progress }) => {
    const data = await loadRef(params.data, places);
    const records = recordsIn('population', data.size, params.split);
    const trained = await train({
      recipe: params.recipe,
      data: {
        values: batch(data, records).x,
        count: records.length,
        recordShape: data.recordShape,
        bounds: boundsOf(data),
        oneHot: data.oneHot ?? [],
        features: featureKind(data),
      },
      ...(target && { target: decodeModel(await target.blob('model.onnx')) }),
      classes: data.classes.length,
      ...{ seed, threads, device, signal, progress },
      checkpoint: trainingCheckpoint(checkpoint, places),
    });
    const { networks, steps, generatorLosses, discriminatorLosses } = trained;
    const { latent, conditional } = networks;
    return {
      result: { steps, generatorLosses, discriminatorLosses, latent, conditional },
      blobs: {
        'generator.onnx': encodeModel(networks.generator),
        'discriminator.onnx': encodeModel(networks.discriminator),
      },
    };
  },
};
