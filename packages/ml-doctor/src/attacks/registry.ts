/** Every attack by name, of all families. */
import type { AttributeAttack, ConfiguredAttribute } from './attribute/attribute-attack.ts';
import { type AttributeName, attributeAttacks } from './attribute/registry.ts';
import { findAttack, pluggedAttacks } from './find-attack.ts';
import type { ConfiguredInversion, InversionAttack } from './inversion/inversion-attack.ts';
import { type InversionName, inversionAttacks } from './inversion/registry.ts';
import type { ConfiguredAttack, MembershipAttack } from './membership/membership-attack.ts';
import { type MembershipName, membershipAttacks } from './membership/registry.ts';
import { type StealingName, stealingAttacks } from './stealing/registry.ts';
import type { ConfiguredStealing, StealingAttack } from './stealing/stealing-attack.ts';

export type AttackName = MembershipName | InversionName | AttributeName | StealingName;

/** An attack of any family; `family` tells which. */
export type Attack = MembershipAttack | InversionAttack | AttributeAttack | StealingAttack;

/** Its parameters settled. */
export type Configured = ConfiguredAttack | ConfiguredInversion | ConfiguredAttribute | ConfiguredStealing;

/** The built-in ones. */
export const attacks: { readonly [Name in AttackName]: Attack } = {
  ...membershipAttacks,
  ...inversionAttacks,
  ...attributeAttacks,
  ...stealingAttacks,
};

/** The built-in ones, and those of plugins. */
export const allAttacks = (): Readonly<Record<string, Attack>> => ({
  ...attacks,
  ...pluggedAttacks<Attack>(),
});

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const attackOf = (name: string): Attack => findAttack(allAttacks(), name);
