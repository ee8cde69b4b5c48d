/** L2 regularisation as a defence (Shokri et al., S&P 2017, §VIII): the loss becomes `loss + λ Σ w²`. */
import { z } from 'zod';
import { defense } from '../defense.ts';

const params = z.strictObject({
  lambda: z
    .number()
    .positive()
    .default(1e-3)
    .describe('λ of loss + λ Σ w², in place of the recipe’s weight decay; the paper tries 1e-4 to 1e-2'),
});

export const l2 = defense({
  name: 'l2',
  title: 'L2 regularisation',
  source: 'Shokri et al., S&P 2017, §VIII',
  params,
  changes: ['training'],
  // The optimiser adds weightDecay · w to the gradient, and the gradient of λ w² is 2 λ w.
  harden: (recipe, { lambda }) => ({ ...recipe, weightDecay: 2 * lambda }),
});
