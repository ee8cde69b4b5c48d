/** Every model-stealing attack by name. Adding one is its folder and a line here. */
import { findAttack, pluggedAttacks } from '../find-attack.ts';
import { dataFree } from './data-free/data-free.ts';
import { knockoff } from './knockoff/knockoff.ts';
import { posteriorMatching } from './posterior-matching/posterior-matching.ts';
import type { StealingAttack } from './stealing-attack.ts';

export type StealingName = 'stealing/posterior-matching' | 'stealing/knockoff' | 'stealing/data-free';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const stealingAttacks: { readonly [Name in StealingName]: StealingAttack<Name> } = {
  'stealing/posterior-matching': posteriorMatching,
  'stealing/knockoff': knockoff,
  'stealing/data-free': dataFree,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks of the family */
export const stealingAttackOf = (name: string): StealingAttack =>
  findAttack<StealingAttack>({ ...stealingAttacks, ...pluggedAttacks<StealingAttack>('stealing') }, name);
