/** Only the largest posteriors are shown (Shokri et al., S&P 2017, §VIII). */
import { z } from 'zod';
import { defense } from '../defense.ts';

const params = z.strictObject({
  k: z
    .int()
    .min(1)
    .default(3)
    .describe('how many of the largest posteriors are shown; the paper tries 1 and 3'),
});

export const topK = defense({
  name: 'top-k',
  title: 'Largest posteriors only',
  source: 'Shokri et al., S&P 2017, §VIII',
  params,
  changes: ['output'],
  output: ({ k }) => ({ shows: 'top-k', k }),
});
