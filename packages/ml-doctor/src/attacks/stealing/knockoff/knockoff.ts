/** Knockoff Nets: a copy learns the target's answers on inputs of another distribution. */
import { z } from 'zod';
import { dataNames } from '../../../data/named-data.ts';
import {
  lossParam,
  type PoolParams,
  poolParams,
  refuseIdle,
  replyForm,
  studentRecipe,
} from '../pool-params.ts';
import { type PoolChoice, stealingAttack } from '../stealing-attack.ts';

interface Params extends PoolParams {
  readonly pool: string;
  readonly resize: boolean;
}

const params = z
  .strictObject({
    pool: dataNames(['uniform'])
      .describe('The inputs asked about: records of another data set, or made up evenly at random')
      .default('uniform'),
    resize: z
      .boolean()
      .describe("Whether pictures of the pool are made as large, and as colourful, as the target's")
      .default(false),
    loss: lossParam('kl'),
    ...poolParams,
  })
  .superRefine((given, context) => {
    refuseIdle(given as PoolParams, context);
    if (given.resize && given.pool === 'uniform')
      context.addIssue({
        code: 'custom',
        path: ['resize'],
        message: 'inputs that are made up have the right shape: leave it out, or name a data set as pool',
      });
  });

const poolOf = ({ pool, resize }: Params): PoolChoice =>
  pool === 'uniform' ? { kind: 'uniform' } : { kind: 'other', data: pool, resize };

/**
 * <B,O>, <B,N>. The paper's random choice; its choice by reward is replaced by those of ActiveThief (Pal et al., AAAI
 * 2020): the inputs that the copy is least certain of, or those farthest from all that were asked about.
 */
export const knockoff = stealingAttack({
  name: 'stealing/knockoff',
  title: 'a copy learns the answers of the target on inputs of another kind',
  source: 'Orekondy et al., Knockoff Nets, CVPR 2019',
  params: params as unknown as z.ZodType<Params>,
  needs: ({ pool, output }) => ({
    access: 'black-box',
    output,
    auxiliary: pool === 'uniform' ? 'none' : 'other',
    record: 'none',
    inputs: 'any',
  }),
  reply: replyForm,
  method: (own) => ({
    kind: 'pool',
    pool: poolOf(own),
    selection: own.selection,
    student: studentRecipe(own),
  }),
});
