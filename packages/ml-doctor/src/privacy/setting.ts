/** What an accountant is told of a private training, and what it says of it: plain data. */

/**
 * DP-SGD as accountants know it: so many steps of the Gaussian mechanism, each on a fresh Poisson sample. Neighbouring
 * data sets differ by one record that is added or removed.
 */
export interface SubsampledGaussian {
  /** q: the probability with which a step takes a record, above 0, at most 1; each record by its own coin. */
  readonly sampleRate: number;
  /** σ: deviation of the noise on the sum, in clip norms; above 0. */
  readonly noiseMultiplier: number;
  /** T, from 1. */
  readonly steps: number;
}

/**
 * `pld`: the privacy-loss distribution, composed numerically, rounded up: tight. `rdp`: Rényi DP with the improved
 * conversion (Canonne, Kamath & Steinke 2020, proposition 12). `rdp-classic`: Rényi DP with the conversion of Mironov
 * (CSF 2017, proposition 3), as ML-Doctor's figures were made.
 */
export const ACCOUNTANTS = ['pld', 'rdp', 'rdp-classic'] as const;
export type Accountant = (typeof ACCOUNTANTS)[number];

/** What a private training has spent: upper bounds that hold for every record. */
export type PrivacySpent = {
  /** By `accountant`: the claim; null where it finds no bound. */
  readonly epsilon: number | null;
  readonly delta: number;
  readonly accountant: Accountant;
  /** By every accountant. */
  readonly epsilons: { readonly [A in Accountant]: number | null };
  readonly noiseMultiplier: number;
  readonly clipNorm: number;
  readonly sampleRate: number;
  readonly steps: number;
  /** Records that were trained on. */
  readonly records: number;
  /** Which data sets the bound speaks of. */
  readonly neighbours: 'add or remove one record';
};
