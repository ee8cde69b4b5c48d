/** What a private training has spent, as reports tell it. */
import { refuse } from './check-setting.ts';
import { epsilonOf } from './epsilon.ts';
import type { Accountant, PrivacySpent, SubsampledGaussian } from './setting.ts';

export interface PrivateTraining extends SubsampledGaussian {
  /** How a step's records were drawn: each by its own coin, or in turn from a shuffled list. */
  readonly sampling: 'poisson' | 'shuffle';
  readonly delta: number;
  /** Whose epsilon is the claim. */
  readonly accountant: Accountant;
  readonly clipNorm: number;
  readonly records: number;
}

/**
 * By every accountant.
 * @throws {AuditError} MLD_PRIVACY for batches from a shuffled list, which no accountant here speaks of, and for a
 * setting or a delta that cannot be
 */
export const privacySpent = ({ sampling, ...training }: PrivateTraining): PrivacySpent => {
  if (sampling !== 'poisson')
    refuse(
      'batches drawn in turn from a shuffled list: the accountants assume Poisson sampling',
      'Draw every step a fresh Poisson sample, in which each record is taken by a coin of its own.',
    );
  const { delta, accountant, clipNorm, records, sampleRate, noiseMultiplier, steps } = training;
  /** JSON has no ∞. */
  const by = (which: Accountant): number | null => {
    const epsilon = epsilonOf(training, delta, which);
    return Number.isFinite(epsilon) ? epsilon : null;
  };
  const epsilons = { pld: by('pld'), rdp: by('rdp'), 'rdp-classic': by('rdp-classic') };
  return {
    epsilon: epsilons[accountant],
    delta,
    accountant,
    epsilons,
    noiseMultiplier,
    clipNorm,
    sampleRate,
    steps,
    records,
    neighbours: 'add or remove one record',
  };
};
