/** ModSteal of ML-Doctor: a copy learns the target's posteriors on records like its own. */
import { z } from 'zod';
import {
  lossParam,
  type PoolParams,
  poolParams,
  refuseIdle,
  replyForm,
  studentRecipe,
} from '../pool-params.ts';
import { stealingAttack } from '../stealing-attack.ts';

interface Params extends PoolParams {
  readonly auxiliary: 'shadow' | 'partial';
}

const params = z
  .strictObject({
    auxiliary: z
      .enum(['shadow', 'partial'])
      .describe("The records asked about: others like the target's, or half of its own")
      .default('shadow'),
    loss: lossParam('kl'),
    ...poolParams,
  })
  .superRefine(refuseIdle);

/**
 * <B,S>, <B,P>. The released code holds the copy's raw outputs to the target's softmax; here, as the paper says,
 * posteriors are held to posteriors. The paper's loss is the squared distance (`mse`). It hardly moves a copy of many
 * classes in 50 epochs (of 30 classes 15 % agreement, where `kl` reaches 88 %), and a default that finds nothing where
 * there is much to find would be a wrong answer; so the default is `kl`.
 */
export const posteriorMatching = stealingAttack({
  name: 'stealing/posterior-matching',
  title: 'a copy learns the posteriors of the target on records like its own',
  source: 'Liu et al., ML-Doctor, USENIX Security 2022',
  params: params as unknown as z.ZodType<Params>,
  needs: ({ auxiliary, output }) => ({ access: 'black-box', output, auxiliary, record: 'none' }),
  reply: replyForm,
  method: (own) => ({
    kind: 'pool',
    pool: { kind: own.auxiliary },
    selection: own.selection,
    student: studentRecipe(own),
  }),
});
