/** Every membership attack by name. Adding one is its folder and a line here. */
import { findAttack, pluggedAttacks } from '../find-attack.ts';
import { labelOnly } from './label-only/label-only.ts';
import { lira } from './lira/lira.ts';
import { lossThreshold } from './loss-threshold/loss-threshold.ts';
import type { MembershipAttack } from './membership-attack.ts';
import { metricThreshold } from './metric-threshold/metric-threshold.ts';
import { mlLeaks } from './ml-leaks/ml-leaks.ts';
import { oneRunAudit } from './one-run-audit/one-run-audit.ts';
import { quantile } from './quantile/quantile.ts';
import { rmia } from './rmia/rmia.ts';
import { shadowClassifier } from './shadow-classifier/shadow-classifier.ts';
import { shokri } from './shokri/shokri.ts';

export type MembershipName =
  | 'membership/label-only'
  | 'membership/loss-threshold'
  | 'membership/metric-threshold'
  | 'membership/ml-leaks'
  | 'membership/one-run-audit'
  | 'membership/shadow-classifier'
  | 'membership/shokri'
  | 'membership/lira'
  | 'membership/rmia'
  | 'membership/quantile';

/** Total by type: a name without its attack, or an attack under another's name, does not compile. */
export const membershipAttacks: { readonly [Name in MembershipName]: MembershipAttack<Name> } = {
  'membership/label-only': labelOnly,
  'membership/loss-threshold': lossThreshold,
  'membership/metric-threshold': metricThreshold,
  'membership/ml-leaks': mlLeaks,
  'membership/one-run-audit': oneRunAudit,
  'membership/lira': lira,
  'membership/rmia': rmia,
  'membership/quantile': quantile,
  'membership/shadow-classifier': shadowClassifier,
  'membership/shokri': shokri,
};

/** @throws {AuditError} MLD_USAGE naming the known attacks of the family */
export const membershipAttackOf = (name: string): MembershipAttack =>
  findAttack<MembershipAttack>(
    { ...membershipAttacks, ...pluggedAttacks<MembershipAttack>('membership') },
    name,
  );
