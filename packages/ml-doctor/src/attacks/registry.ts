/** Every attack by name, of all families. */
import type { AttributeAttack, ConfiguredAttribute } from './attribute/attribute-attack.ts';
import { type AttributeName, attributeAttacks } from './attribute/registry.ts';
import { findAttack } from './find-attack.ts';
import type { ConfiguredInversion, InversionAttack } from './inversion/inversion-attack.ts';
import { type InversionName, inversionAttacks } from './inversion/registry.ts';
import type { ConfiguredAttack, MembershipAttack } from './membership/membership-attack.ts';
import { type MembershipName, membershipAttacks } from './membership/registry.ts';

export type AttackName = MembershipName | InversionName | AttributeName;

/** An attack of any family; `family` tells which. */
export type Attack = MembershipAttack | InversionAttack | AttributeAttack;

/** Its parameters settled. */
export type Configured = ConfiguredAttack | ConfiguredInversion | ConfiguredAttribute;

export const attacks: { readonly [Name in AttackName]: Attack } = {
  ...membershipAttacks,
  ...inversionAttacks,
  ...attributeAttacks,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const attackOf = (name: string): Attack => findAttack(attacks, name);
