/** A defence of one's own: answers are softened, then rounded, so that they tell less of what was learnt by heart. */
import { defense, z } from 'ml-doctor';

const params = z.strictObject({
  temperature: z.number().min(1).default(4).describe('what logits are divided by before the softmax'),
  digits: z.int().min(0).max(7).default(2).describe('decimal places of the posteriors that are shown'),
});

export const cautiousAnswers = defense({
  name: 'cautious-answers',
  title: 'Softened and rounded posteriors',
  source: 'Shokri et al., S&P 2017, §VIII',
  params,
  changes: ['output'],
  output: ({ temperature, digits }) => ({ shows: 'posteriors', temperature, digits }),
});
