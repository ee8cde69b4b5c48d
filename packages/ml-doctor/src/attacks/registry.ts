/** Every attack by name. Adding one is its folder and a line here. */
import { AuditError } from '../errors.ts';
import { lossThreshold } from './membership/loss-threshold/loss-threshold.ts';
import type { MembershipAttack } from './membership/membership-attack.ts';
import { shadowClassifier } from './membership/shadow-classifier/shadow-classifier.ts';

export type AttackName = 'membership/loss-threshold' | 'membership/shadow-classifier';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const attacks: { readonly [Name in AttackName]: MembershipAttack<Name> } = {
  'membership/loss-threshold': lossThreshold,
  'membership/shadow-classifier': shadowClassifier,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const attackOf = (name: string): MembershipAttack => {
  if (Object.hasOwn(attacks, name)) return attacks[name as AttackName];
  throw new AuditError(
    'MLD_USAGE',
    `there is no attack '${name}'`,
    `Known attacks: ${Object.keys(attacks).join(', ')}.`,
  );
};
