/** What can be chosen about DP-SGD. */
import { z } from 'zod';
import { ACCOUNTANTS } from '../../privacy/setting.ts';

/** Where neither epsilon nor noise is given. */
const EPSILON = 8;

export const params = z
  .strictObject({
    epsilon: z.number().positive().optional().meta({
      description:
        'What the training may spend for every record: the noise is the least that keeps it, never above',
      default: EPSILON,
    }),
    noiseMultiplier: z
      .number()
      .positive()
      .optional()
      .describe('σ, in clip norms, in place of epsilon, which then is what comes of it'),
    delta: z
      .number()
      .gt(0)
      .lt(1)
      .default(1e-5)
      .describe('δ of the guarantee: to be well below 1 / training records'),
    clipNorm: z
      .number()
      .positive()
      .default(1)
      .describe('C: the largest norm that a record’s gradient may have'),
    accountant: z
      .enum(ACCOUNTANTS)
      .default('pld')
      .describe('How epsilon is accounted for; pld is tight, rdp-classic as in ML-Doctor'),
    batchNorm: z
      .enum(['group-norm', 'refuse'])
      .default('group-norm')
      .describe('Batch normalisation lets records mix: replaced, or the model is refused'),
    epochs: z.int().min(1).optional().describe('In place of the recipe’s'),
    batchSize: z.int().min(1).optional().describe('Expected records in a step, in place of the recipe’s'),
    learningRate: z.number().positive().optional().describe('In place of the recipe’s'),
  })
  .superRefine(({ epsilon, noiseMultiplier }, context) => {
    if (epsilon !== undefined && noiseMultiplier !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['noiseMultiplier'],
        message: 'epsilon follows from the noise: give one of the two',
        params: { hint: 'Remove epsilon or noiseMultiplier.' },
      });
  })
  .transform((given) =>
    given.epsilon === undefined && given.noiseMultiplier === undefined
      ? { ...given, epsilon: EPSILON }
      : given,
  );

export type DpSgdParams = z.output<typeof params>;
