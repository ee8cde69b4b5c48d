/** The audit of `ml-doctor demo`: a small network on bundled images, attacked in two ways. */
import { mlDoctorRecipe } from '../models/recipe.ts';
import type { AuditConfig } from './audit-config.ts';

/** Epochs of target and shadow model: enough to learn the training records by heart. */
const epochs = 60;

/** The short demo trains on fewer records, which leak more and make wider intervals. */
const quickRecords = 600;

export const demoConfig = ({ quick, seed }: { quick: boolean; seed: number }): AuditConfig => ({
  data: 'fashion-mnist-10k',
  ...(quick && { recordsPerRole: quickRecords }),
  architecture: 'simple-cnn',
  recipe: mlDoctorRecipe(epochs),
  attacks: [{ name: 'membership/loss-threshold' }, { name: 'membership/shadow-classifier' }],
  seed,
  command: `ml-doctor demo${quick ? ' --quick' : ''} --seed ${seed}`,
});
