/** The order in which figures are read: headline metrics first, details after. */

import type { Family } from '../family.ts';
import { tailRate } from '../format.ts';
import type { Metric, Result } from '../schema.ts';

/** Headline metrics of membership attacks. */
export const KEY_METRICS: readonly string[] = ['tprAtFpr0.01', 'auc', 'balancedAccuracy'];

/** Of audits of the training: the bound, what it could have been, what it stands on. */
const AUDIT_ORDER: readonly string[] = ['epsilonLowerBound', 'epsilonReach', 'guessAccuracy', 'canaryAuc'];

/** Of inversions: what is recognised, whom it is close to, what it looks like. */
const INVERSION_ORDER: readonly string[] = [
  ...['judgeAccuracy', 'judgeAccuracyGain', 'judgeTop5Accuracy', 'judgeMacroF1', 'judgeOwnAccuracy'],
  ...['targetConfidence', 'memberCloser', 'memberCloserP', 'memberCloserFeatures', 'memberCloserFeaturesP'],
  ...['nearestMemberDistance', 'nearestNonMemberDistance'],
  ...['nearestMemberFeatureDistance', 'nearestNonMemberFeatureDistance'],
  ...['ssimNearestMember', 'ssimNearestNonMember', 'ssimClassMean', 'mse', 'mseNormalised', 'diversity'],
];

/** Of guessed attributes: how well, how much better than without the model, and of whom. */
const ATTRIBUTE_ORDER: readonly string[] = [
  ...['accuracy', 'accuracyGain', 'memberAccuracyGain'],
  ...['meanAbsoluteError', 'errorReduction', 'memberErrorReduction', 'auc', 'aucGain', 'memberAucGain'],
  ...['precision', 'macroF1', 'ppvTop10', 'ppvTop50', 'ppvTop100'],
];

/** Of stolen copies: how alike they are, beyond what needs no queries, and how good. */
const STEALING_ORDER: readonly string[] = [
  ...['agreement', 'agreementGain', 'agreementSkill', 'accuracy', 'targetAccuracy', 'agreementOnErrors'],
  'klDivergence',
];

/** What audits bound, the headline metrics as the key figures have them, then the other tails from coarse to fine, then those of inversions, then the rest by name. */
export function inReadingOrder(metrics: Result['metrics'], family: Family): [string, Metric][] {
  const place = (name: string) => {
    if (family === 'attribute') return placeIn(ATTRIBUTE_ORDER, name);
    if (family === 'stealing') return placeIn(STEALING_ORDER, name);
    if (AUDIT_ORDER.includes(name)) return AUDIT_ORDER.indexOf(name) - AUDIT_ORDER.length;
    if (KEY_METRICS.includes(name)) return KEY_METRICS.indexOf(name);
    const tail = tailRate(name);
    if (tail !== undefined) return KEY_METRICS.length + 1 - tail;
    return KEY_METRICS.length + 1 + placeIn(INVERSION_ORDER, name);
  };
  return Object.entries(metrics).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** After all of them for a name that is not among them. */
function placeIn(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at === -1 ? order.length : at;
}
