/** Gives records their roles: who is a member, who is not, and what the attacker has of his own. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';

/** The target is trained on `target-train` (its members) and never sees the other three. */
export const ROLES = ['target-train', 'target-test', 'shadow-train', 'shadow-test'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Record indices by role. They stay in the order of the random permutation: data files are often sorted by
 * class, and the first n indices of a role must be a fair sample of it.
 */
export type Split = { readonly [R in Role]: Uint32Array };

export interface SplitOptions {
  readonly seed: number;
  /** Keep only the first so many records of each role, a fair sample of it; all of them by default. */
  readonly perRole?: number;
}

/**
 * Four disjoint random quarters of ⌊size/4⌋ records each, the remainder dropped, as ML-Doctor (USENIX
 * Security 2022) and ML-Leaks (NDSS 2019) split. Depends on its arguments only.
 *
 * @throws {AuditError} MLD_SPLIT for fewer than 4 records, or more per role than a quarter holds
 */
export function splitQuarters(size: number, options: SplitOptions): Split {
  const count = roleSize(size, options);
  const quarter = Math.floor(size / ROLES.length);
  const order = stream(options.seed, 'split', 'quarters').permutation(size);
  const part = (index: number) => order.slice(index * quarter, index * quarter + count);
  return { 'target-train': part(0), 'target-test': part(1), 'shadow-train': part(2), 'shadow-test': part(3) };
}

/**
 * Records of each role, without splitting.
 *
 * @throws {AuditError} MLD_SPLIT as {@link splitQuarters}
 */
export function roleSize(size: number, { perRole }: Pick<SplitOptions, 'perRole'>): number {
  const quarter = Math.floor(size / ROLES.length);
  if (!(quarter >= 1)) {
    throw new AuditError(
      'MLD_SPLIT',
      `${size} records cannot be split into four quarters`,
      'Use a data set of at least 4 records; a meaningful audit needs hundreds.',
    );
  }
  const count = perRole ?? quarter;
  if (!(Number.isInteger(count) && count >= 1 && count <= quarter)) {
    throw new AuditError(
      'MLD_SPLIT',
      `a role cannot have ${perRole} of ${size} records; a quarter holds ${quarter}`,
      `Use between 1 and ${quarter} records per role.`,
    );
  }
  return count;
}
