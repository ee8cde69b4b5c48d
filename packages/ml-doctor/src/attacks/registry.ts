/** Every attack by name, of all families. */
import { findAttack } from './find-attack.ts';
import type { ConfiguredInversion, InversionAttack } from './inversion/inversion-attack.ts';
import { type InversionName, inversionAttacks } from './inversion/registry.ts';
import type { ConfiguredAttack, MembershipAttack } from './membership/membership-attack.ts';
import { type MembershipName, membershipAttacks } from './membership/registry.ts';

export type AttackName = MembershipName | InversionName;

/** An attack of any family; `family` tells which. */
export type Attack = MembershipAttack | InversionAttack;

/** Its parameters settled. */
export type Configured = ConfiguredAttack | ConfiguredInversion;

export const attacks: { readonly [Name in AttackName]: Attack } = {
  ...membershipAttacks,
  ...inversionAttacks,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const attackOf = (name: string): Attack => findAttack(attacks, name);
