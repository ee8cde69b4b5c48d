/** Secret Revealer: descent on the latent vector of a generator that was trained on records of the attacker's own. */
import { losses, ops, sgd } from 'onnx-grad';
import { z } from 'zod';
import type { Generator } from '../../../generators/generator.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import { attachTarget, refuseUndifferentiable } from '../../target-graph.ts';
import { inversionAttack, inversionParams } from '../inversion-attack.ts';
import { generatorParams, recipeOf } from '../latent/generator-params.ts';
import { attachDiscriminator } from '../latent/networks.ts';
import { type LatentObjective, searchLatent } from '../latent/search.ts';

const NAME = 'inversion/secret-revealer';

const params = z.strictObject({
  ...inversionParams,
  perClass: inversionParams.perClass.default(10),
  restarts: z
    .int()
    .min(1)
    .describe(
      'Starts of each reconstruction; the one that the target takes for the class most surely is kept',
    )
    .default(1),
  steps: z.int().min(1).describe('Steps of gradient descent').default(1500),
  learningRate: z.number().positive().describe('Of the descent on latent vectors').default(1e-3),
  momentum: z.number().min(0).lt(1).describe("Nesterov's momentum of the descent").default(0.9),
  identityWeight: z
    .number()
    .min(0)
    .describe('Weight of the cross-entropy under the target against 1 for the discriminator')
    .default(100),
  clip: z.number().positive().describe('Latent numbers are kept within ± this').default(1),
  ...generatorParams,
});

/**
 * −D(G(z)) + λ · cross-entropy(T(G(z)), class) of each row: `L_prior + λ L_id` of Zhang et al., with D(x) the
 * probability that x is real, as the DCGAN of ML-Doctor has it (the logistic function of the score), where Zhang et al.
 * have a Wasserstein critic. ML-Doctor takes the mean over the ten classes of a run, so that a row moves there as it
 * does here with a tenth of the learning rate; here a row does not depend on what else is in the batch.
 */
export const revealing = (
  generator: Generator,
  model: Parameters<typeof attachTarget>[1],
  identityWeight: number,
): LatentObjective => {
  const crossEntropy = losses.crossEntropy();
  return {
    loss: ({ x, y }) => {
      const real = ops.Sigmoid(attachDiscriminator({ x, y }, generator));
      const identity = crossEntropy.perExample(attachTarget(x.graph, model, x), y);
      const weighted = ops.Mul(identity, x.graph.scalar(identityWeight));
      return ops.Sub(weighted, ops.ReduceSum(real, [1], { keepdims: false }));
    },
    identity: crossEntropyLoss,
  };
};

/**
 * Zhang et al., CVPR 2020, as ML-Doctor (USENIX Security 2022) uses it: latent vectors from N(0, 1), v ← μv − lr ∇,
 * z ← z − μ v_previous + (1 + μ) v, then cut to ± clip. (Here the first latent vectors are cut too, so that the start that is
 * shown beside a reconstruction comes from where the search takes place.) ML-Doctor counts all of ten restarts with one
 * reconstruction each, which is `perClass: 10, restarts: 1`.
 */
export const secretRevealer = inversionAttack({
  name: NAME,
  title: 'Secret Revealer: descent on the latent vector of a generator',
  source: 'Zhang et al., CVPR 2020',
  params,
  needs: () => ({ access: 'white-box', output: 'posteriors', auxiliary: 'shadow', record: 'none' }),
  generator: (params) => recipeOf(params),
  run: ({ target, wanted, generator }, options, context) => {
    if (!generator) throw new Error('internal: Secret Revealer was given no generator');
    refuseUndifferentiable(NAME, target.model);
    const { restarts, steps, learningRate, momentum, identityWeight, clip } = options;
    return searchLatent(
      {
        name: NAME,
        generator,
        model: target.model,
        wanted,
        restarts,
        steps,
        optimizer: sgd({ learningRate, momentum, nesterov: momentum > 0 }),
        clip,
        objective: revealing(generator, target.model, identityWeight),
      },
      context,
    );
  },
});
