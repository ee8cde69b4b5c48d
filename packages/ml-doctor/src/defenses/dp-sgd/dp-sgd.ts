/** DP-SGD (Abadi et al., CCS 2016): every record's gradient clipped, their sum noised, each step on a Poisson sample. */
import { replaceBatchNorm } from 'onnx-grad';
import type { TrainingRecipe } from '../../models/recipe.ts';
import { deltaNote } from '../../privacy/delta-warning.ts';
import { noiseFor } from '../../privacy/solve-noise.ts';
import { privacySpent } from '../../privacy/spent.ts';
import { defense } from '../defense.ts';
import { freshNetwork, learnNetwork } from '../learn-network.ts';
import { refuseUnsuited } from './check.ts';
import { type DpSgdParams, params } from './params.ts';
import { samplingOf } from './sampling.ts';

export const dpSgd = defense({
  name: 'dp-sgd',
  title: 'DP-SGD: differentially private training',
  source: 'Abadi et al., CCS 2016',
  params,
  changes: ['training', 'architecture'],
  harden: (recipe, { epochs, batchSize, learningRate }): TrainingRecipe => ({
    ...recipe,
    ...(epochs !== undefined && { epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
  }),
  learner: {
    work: 1.5,
    // For an epsilon the noise of every step depends on how many steps there are.
    continues: ({ noiseMultiplier }) => noiseMultiplier !== undefined,
    check: refuseUnsuited,
    warnings: ({ records }, { delta }) => {
      const note = deltaNote(delta, records);
      return note === undefined ? [] : [note];
    },
    train: async (options, chosen) => {
      const { clipNorm, delta, accountant } = chosen;
      const noiseMultiplier = chosenNoise(chosen, samplingOf(options.records.length, options.recipe));
      const { sampling, ...trained } = await learnNetwork(options, {
        model: replaceBatchNorm(freshNetwork(options)),
        privacy: { clipNorm, noiseMultiplier },
      });
      // What was done is accounted for, not what was meant.
      if (!sampling) throw new Error('internal: the training was not private');
      const privacy = privacySpent({
        ...{ ...sampling, sampling: 'poisson', delta, accountant },
        records: options.records.length,
      });
      return { ...trained, privacy };
    },
  },
});

/** The noise that is asked for, or the least that keeps epsilon. */
const chosenNoise = (
  { epsilon, noiseMultiplier, delta, accountant }: DpSgdParams,
  sampling: ReturnType<typeof samplingOf>,
): number => {
  if (noiseMultiplier !== undefined) return noiseMultiplier;
  if (epsilon === undefined) throw new Error('internal: neither epsilon nor noise');
  return noiseFor({ ...sampling, epsilon, delta, accountant });
};
