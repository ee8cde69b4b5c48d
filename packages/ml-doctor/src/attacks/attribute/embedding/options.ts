/** Options of attribute/embedding, the length of the training filled in for the head that is chosen. */
import { z } from 'zod';
import {
  linearHead,
  OVERLEARNING_HEAD,
  type PredictorRecipe,
} from '../../../models/predictor/train-predictor.ts';
import { attributeParams, auxiliaryParam } from '../attribute-attack.ts';

export const HEADS: Readonly<Record<'mlp' | 'linear', PredictorRecipe>> = {
  mlp: OVERLEARNING_HEAD,
  linear: linearHead,
};

export interface EmbeddingOptions {
  readonly attribute?: string | undefined;
  readonly auxiliary: 'shadow' | 'partial';
  readonly head: keyof typeof HEADS;
  readonly epochs: number;
  readonly layer?: string | undefined;
}

const flat = z.strictObject({
  ...attributeParams,
  ...auxiliaryParam,
  head: z
    .enum(['mlp', 'linear'])
    .default('mlp')
    .describe('What reads the embedding: two dense layers, as in the paper, or one'),
  epochs: z
    .int()
    .min(1)
    .optional()
    .describe(
      `Of training the head; ${HEADS.mlp.epochs} if not set, with head: linear ${HEADS.linear.epochs}`,
    ),
  layer: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The layer that is read, by its name in the graph; what the last one with weights receives, if not set',
    ),
});

const settled = flat.overwrite(({ epochs, ...given }) => ({
  ...given,
  epochs: epochs ?? HEADS[given.head].epochs,
}));

/** Strict; whatever it lets pass is complete, but for a layer. */
export const embeddingOptions = settled as unknown as z.ZodType<EmbeddingOptions>;
