/** The softmax is taken at a higher temperature (Shokri et al., S&P 2017, §VIII): `softmax(z / t)`. */
import { z } from 'zod';
import { defense } from '../defense.ts';

const params = z.strictObject({
  temperature: z
    .number()
    .positive()
    .default(5)
    .describe('what logits are divided by before the softmax; the paper tries 5 and 20'),
});

export const temperature = defense({
  name: 'temperature',
  title: 'Softmax at a higher temperature',
  source: 'Shokri et al., S&P 2017, §VIII',
  params,
  changes: ['output'],
  output: (given) => ({ shows: 'posteriors', temperature: given.temperature }),
});
