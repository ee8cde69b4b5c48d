/** The order in which figures are read: headline metrics first, details after. */

import { tailRate } from '../format.ts';
import type { Metric, Result } from '../schema.ts';

/** Headline metrics of membership attacks. */
export const KEY_METRICS: readonly string[] = ['tprAtFpr0.01', 'auc', 'balancedAccuracy'];

/** Of inversions: what is recognised, whom it is close to, what it looks like. */
const INVERSION_ORDER: readonly string[] = [
  ...['judgeAccuracy', 'judgeAccuracyGain', 'judgeTop5Accuracy', 'judgeMacroF1', 'judgeOwnAccuracy'],
  ...['targetConfidence', 'memberCloser', 'memberCloserP', 'memberCloserFeatures', 'memberCloserFeaturesP'],
  ...['nearestMemberDistance', 'nearestNonMemberDistance'],
  ...['nearestMemberFeatureDistance', 'nearestNonMemberFeatureDistance'],
  ...['ssimNearestMember', 'ssimNearestNonMember', 'ssimClassMean', 'mse', 'mseNormalised', 'diversity'],
];

/** The headline metrics as the key figures have them, then the other tails from coarse to fine, then those of inversions, then the rest by name. */
export function inReadingOrder(metrics: Result['metrics']): [string, Metric][] {
  const place = (name: string) => {
    if (KEY_METRICS.includes(name)) return KEY_METRICS.indexOf(name);
    const tail = tailRate(name);
    if (tail !== undefined) return KEY_METRICS.length + 1 - tail;
    const at = INVERSION_ORDER.indexOf(name);
    return KEY_METRICS.length + 1 + (at === -1 ? INVERSION_ORDER.length : at);
  };
  return Object.entries(metrics).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}
