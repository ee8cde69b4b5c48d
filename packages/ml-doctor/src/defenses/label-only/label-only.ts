/** Only the predicted class is shown (Shokri et al., S&P 2017, §VIII). */
import { z } from 'zod';
import { defense } from '../defense.ts';

export const labelOnly = defense({
  name: 'label-only',
  title: 'Label only',
  source: 'Shokri et al., S&P 2017, §VIII',
  params: z.strictObject({}),
  changes: ['output'],
  output: () => ({ shows: 'label' }),
});
