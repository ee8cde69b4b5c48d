/** The audit of `ml-doctor demo`: a small network on bundled images, attacked in two ways. */
import { attackOf } from '../attacks/registry.ts';
import type { AuditConfig } from '../config/config.ts';
import { mlDoctorRecipe } from '../models/recipe.ts';
import { FULL_OFFER } from '../targets/threat-model.ts';

/** Epochs of target and shadow model: enough to learn the training records by heart. */
const epochs = 60;

/** The short demo trains on fewer records, which leak more and make wider intervals. */
const quickRecords = 600;

const attacks = ['membership/loss-threshold', 'membership/shadow-classifier'];

export const demoConfig = ({ quick, seed }: { quick: boolean; seed: number }): AuditConfig => ({
  data: {
    catalog: 'fashion-mnist-10k',
    split: 'ml-doctor-2022',
    ...(quick && { recordsPerRole: quickRecords }),
  },
  target: { train: { model: 'simple-cnn', training: mlDoctorRecipe(epochs) }, offers: FULL_OFFER },
  defense: { name: 'none', params: {} },
  attacks: attacks.map((name) => ({ name, params: attackOf(name).configure().params })),
  seed,
});

/** The command that gives this audit again. */
export const demoCommand = ({ quick, seed }: { quick: boolean; seed: number }): string =>
  `ml-doctor demo${quick ? ' --quick' : ''} --seed ${seed}`;
