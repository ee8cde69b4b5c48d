/** No defence: the baseline of every comparison. */
import { z } from 'zod';
import { trainingDefense } from './training-defense.ts';

export const none = trainingDefense({
  name: 'none',
  title: 'No defence',
  source: 'baseline',
  params: z.strictObject({}),
  harden: (recipe) => recipe,
});
