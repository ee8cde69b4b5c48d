/** Posteriors are rounded (Shokri et al., S&P 2017, §VIII). */
import { z } from 'zod';
import { defense } from '../defense.ts';

const params = z.strictObject({
  digits: z
    .int()
    .min(0)
    .max(7)
    .default(1)
    .describe('decimal places of the posteriors that are shown; the paper tries 3 and 1'),
});

export const rounding = defense({
  name: 'rounding',
  title: 'Rounded posteriors',
  source: 'Shokri et al., S&P 2017, §VIII',
  params,
  changes: ['output'],
  output: ({ digits }) => ({ shows: 'posteriors', digits }),
});
