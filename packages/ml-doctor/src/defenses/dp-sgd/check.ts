/** What cannot be trained privately, said before anything is run. */
import { AuditError } from '../../errors.ts';
import { epsilonOf } from '../../privacy/epsilon.ts';
import { MOST_NOISE } from '../../privacy/solve-noise.ts';
import type { TrainingFacts } from '../defense.ts';
import type { DpSgdParams } from './params.ts';
import { samplingOf } from './sampling.ts';

/** @throws {AuditError} MLD_PRIVACY, MLD_DEFENSE_UNSUITED */
export const refuseUnsuited = (facts: TrainingFacts, chosen: DpSgdParams): void => {
  const { records, recipe, architecture, build } = facts;
  const { epsilon, delta, accountant, batchNorm } = chosen;
  if (recipe.batchSize > records)
    throw new AuditError(
      'MLD_PRIVACY',
      `dp-sgd: a batch of ${recipe.batchSize} records is larger than the data, of ${records}`,
      `Set batchSize to ${records} at most; a batch is what a step takes in expectation.`,
    );
  if (batchNorm === 'refuse' && build().nodes.some(({ op }) => op === 'BatchNormalization'))
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `dp-sgd: ${architecture} has batch normalisation, through which records change each other’s gradients`,
      'Set batchNorm: group-norm, which replaces it, or choose a model without it.',
    );
  if (epsilon === undefined) return;
  const least = epsilonOf({ ...samplingOf(records, recipe), noiseMultiplier: MOST_NOISE }, delta, accountant);
  if (least > epsilon)
    throw new AuditError(
      'MLD_PRIVACY',
      `dp-sgd: no noise up to ${MOST_NOISE} keeps epsilon ${epsilon} at delta ${delta} for so many steps`,
      `Raise epsilon above ${least.toPrecision(3)} or delta, or train for fewer epochs.`,
    );
};
