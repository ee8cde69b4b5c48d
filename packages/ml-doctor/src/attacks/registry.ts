/** Every attack by name. Adding one is its folder and a line here. */
import { AuditError } from '../errors.ts';
import { labelOnly } from './membership/label-only/label-only.ts';
import { lira } from './membership/lira/lira.ts';
import { lossThreshold } from './membership/loss-threshold/loss-threshold.ts';
import type { MembershipAttack } from './membership/membership-attack.ts';
import { metricThreshold } from './membership/metric-threshold/metric-threshold.ts';
import { mlLeaks } from './membership/ml-leaks/ml-leaks.ts';
import { quantile } from './membership/quantile/quantile.ts';
import { rmia } from './membership/rmia/rmia.ts';
import { shadowClassifier } from './membership/shadow-classifier/shadow-classifier.ts';
import { shokri } from './membership/shokri/shokri.ts';

export type AttackName =
  | 'membership/label-only'
  | 'membership/loss-threshold'
  | 'membership/metric-threshold'
  | 'membership/ml-leaks'
  | 'membership/shadow-classifier'
  | 'membership/shokri'
  | 'membership/lira'
  | 'membership/rmia'
  | 'membership/quantile';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const attacks: { readonly [Name in AttackName]: MembershipAttack<Name> } = {
  'membership/label-only': labelOnly,
  'membership/loss-threshold': lossThreshold,
  'membership/metric-threshold': metricThreshold,
  'membership/ml-leaks': mlLeaks,
  'membership/lira': lira,
  'membership/rmia': rmia,
  'membership/quantile': quantile,
  'membership/shadow-classifier': shadowClassifier,
  'membership/shokri': shokri,
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
