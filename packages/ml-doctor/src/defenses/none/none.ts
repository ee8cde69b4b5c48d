/** No defence: the baseline of every comparison. */
import { z } from 'zod';
import { defense } from '../defense.ts';

export const none = defense({
  name: 'none',
  title: 'No defence',
  source: 'baseline',
  params: z.strictObject({}),
  changes: [],
});
