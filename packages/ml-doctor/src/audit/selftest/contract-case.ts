/** What the contract suite needs to know of an attack: parameters with which it is quick, and what it can see. */
import type { MembershipAttack } from '../../attacks/membership/membership-attack.ts';
import type { BenchOptions } from './bench/membership-bench.ts';

export interface ContractCase {
  readonly attack: MembershipAttack;
  /** For the name of the tests, when an attack has several cases. */
  readonly variant?: string;
  /** Parameters with which it takes a moment; its defaults when left out. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Kind and number of records that suit it. */
  readonly bench?: Pick<BenchOptions, 'features' | 'classes' | 'size'>;
  /** Why this attack cannot rank the members of a lookup model first, when it cannot. */
  readonly blind?: string;
  /** Why the threshold may be further from the best one in hindsight than the noise, when it may. */
  readonly roughThreshold?: string;
  /** Seeds of the null test in the nightly run; 100 when left out. */
  readonly nullSeeds?: number;
}

export const titleOf = ({ attack, variant }: ContractCase): string =>
  variant === undefined ? attack.name : `${attack.name}, ${variant}`;
