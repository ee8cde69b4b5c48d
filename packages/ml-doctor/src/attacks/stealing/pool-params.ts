/** The parameters of attacks that ask about inputs of a pool and train a copy on the answers. */
import { z } from 'zod';
import type { ReplyForm } from '../../targets/oracle.ts';
import { OUTPUTS, type Output } from '../../targets/threat-model.ts';
import {
  type CommonParams,
  SELECTIONS,
  type Selection,
  STUDENT_LOSSES,
  type StudentLoss,
  type StudentRecipe,
  stealingParams,
} from './stealing-attack.ts';

/**
 * ML-Doctor's copies learn at .01 with momentum .9 in batches of 64 for 50 epochs; it names no weight decay. Those of Knockoff
 * have the same defaults here, so that the two attacks can be compared.
 */
export const poolParams = {
  ...stealingParams,
  selection: z
    .enum(SELECTIONS)
    .describe('Which inputs are asked about next; all but random read the copy of the budget before')
    .default('random'),
  output: z.enum(OUTPUTS).describe('What an answer shows').default('posteriors'),
  k: z.int().min(1).describe('topK: how many of the largest posteriors; 3 if not set').optional(),
  epochs: z.int().min(1).describe('Of the copy, over all answers so far').default(50),
  batchSize: z.int().min(1).describe('Answers in one step').default(64),
  learningRate: z.number().positive().describe('Step size').default(0.01),
  momentum: z.number().min(0).lt(1).describe('Share of the last step that is kept').default(0.9),
  weightDecay: z.number().min(0).describe('Pull of the weights towards 0').default(0),
};

export const lossParam = (paper: StudentLoss) =>
  z
    .enum(STUDENT_LOSSES)
    .describe('Between the posteriors of copy and target: squared distance, or Kullback–Leibler divergence')
    .default(paper);

export interface PoolParams extends CommonParams, StudentRecipe {
  readonly selection: Selection;
  readonly output: Output;
  readonly k?: number | undefined;
}

/** Of the largest posteriors, where nothing is said. */
const LARGEST = 3;

/** Options that say nothing where others are chosen are refused, not ignored. */
export const refuseIdle = (
  { output, k, digits, temperature, selection, budgets }: PoolParams,
  context: z.RefinementCtx,
): void => {
  const refuse = (option: string, message: string) =>
    context.addIssue({ code: 'custom', path: [option], message });
  if (k !== undefined && output !== 'topK') refuse('k', `it is for output topK; output is ${output}`);
  if (selection !== 'random' && budgets?.length === 1)
    refuse(
      'selection',
      `${selection} reads the copy of the budget before, and there is one budget only: name two or more`,
    );
  if (digits !== undefined && output === 'label')
    refuse('digits', 'a label has no digits: leave them out, or choose another output');
  if (temperature !== 1 && output === 'label')
    refuse('temperature', 'a label is the same at every temperature: leave it out, or choose another output');
};

export const replyForm = ({ output, k, digits, temperature }: PoolParams): ReplyForm => ({
  output,
  ...(output === 'topK' && { k: k ?? LARGEST }),
  ...(digits !== undefined && { digits }),
  ...(temperature !== 1 && { temperature }),
});

export const studentRecipe = ({
  loss,
  epochs,
  batchSize,
  learningRate,
  momentum,
  weightDecay,
}: PoolParams): StudentRecipe => ({ loss, epochs, batchSize, learningRate, momentum, weightDecay });
