/** Data-free model extraction: a generator makes the inputs from which a copy learns most. */
import { z } from 'zod';
import {
  type CommonParams,
  type DataFreeRecipe,
  stealingAttack,
  stealingParams,
} from '../stealing-attack.ts';

interface Params extends CommonParams, DataFreeRecipe {}

const params = z.strictObject({
  ...stealingParams,
  batchSize: z.int().min(2).describe('Inputs in one batch').default(64),
  directions: z.int().min(1).describe('Random directions of one estimate of a gradient').default(1),
  epsilon: z
    .number()
    .positive()
    .max(0.5)
    .describe('Length of the steps that estimate it, before inputs are squashed into their bounds')
    .default(0.001),
  studentSteps: z
    .int()
    .min(1)
    .describe('Batches asked about for the copy after each step of the generator')
    .default(5),
  replays: z
    .int()
    .min(0)
    .describe('Batches asked about before that the copy learns from again after those; they cost nothing')
    .default(20),
  studentLearningRate: z.number().positive().describe('Of the copy').default(0.1),
  generatorLearningRate: z.number().positive().describe('Of the generator').default(0.001),
  latent: z.int().min(1).describe('Numbers that the generator makes an input from').default(100),
  width: z.int().min(1).describe('Channels of its last hidden layer, or a quarter of its units').default(16),
  diversity: z
    .number()
    .min(0)
    .describe('Weight in its loss of making inputs of every class, as the copy sees them')
    .default(1),
});

/**
 * <B,N>. The gradient through the target, of which only answers are known, is estimated by forward differences. The
 * paper asks 20 million times; what else it takes for a hundredth of that are `replays` and `diversity`, and a learning
 * rate of the generator ten times the paper's.
 */
export const dataFree = stealingAttack({
  name: 'stealing/data-free',
  title: 'a copy learns without any data, on inputs that a generator makes',
  source: 'Truong et al., Data-Free Model Extraction, CVPR 2021',
  params: params as unknown as z.ZodType<Params>,
  needs: () => ({
    access: 'black-box',
    output: 'posteriors',
    auxiliary: 'none',
    record: 'none',
    inputs: 'any',
  }),
  reply: ({ digits, temperature }) => ({
    output: 'posteriors',
    ...(digits !== undefined && { digits }),
    ...(temperature !== 1 && { temperature }),
  }),
  method: (own) => ({
    kind: 'data-free',
    recipe: {
      batchSize: own.batchSize,
      directions: own.directions,
      epsilon: own.epsilon,
      studentSteps: own.studentSteps,
      replays: own.replays,
      studentLearningRate: own.studentLearningRate,
      generatorLearningRate: own.generatorLearningRate,
      latent: own.latent,
      width: own.width,
      diversity: own.diversity,
    },
  }),
});
