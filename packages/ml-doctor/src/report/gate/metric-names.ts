/** Every metric that a policy can name, with the direction in which it is worse for the owner of the model. */

import { tailRate } from '../format.ts';

/** `none`: of the model or of the measurement, so that neither direction is worse. */
type Worse = 'up' | 'down' | 'none';

const WORSE: Readonly<Record<string, Worse>> = {
  auc: 'up',
  accuracy: 'up',
  balancedAccuracy: 'up',
  bestBalancedAccuracy: 'up',
  precision: 'up',
  recall: 'up',
  f1: 'up',
  epsilonLowerBound: 'up',
  epsilonReach: 'none',
  guessAccuracy: 'up',
  canaryAuc: 'up',
  judgeAccuracy: 'up',
  judgeTop5Accuracy: 'up',
  judgeMacroF1: 'up',
  judgeOwnAccuracy: 'none',
  judgeAccuracyGain: 'up',
  targetConfidence: 'up',
  mse: 'down',
  mseNormalised: 'down',
  ssimClassMean: 'up',
  ssimNearestMember: 'up',
  ssimNearestNonMember: 'none',
  nearestMemberDistance: 'down',
  nearestNonMemberDistance: 'none',
  nearestMemberFeatureDistance: 'down',
  nearestNonMemberFeatureDistance: 'none',
  memberCloser: 'up',
  memberCloserFeatures: 'up',
  memberCloserP: 'down',
  memberCloserFeaturesP: 'down',
  diversity: 'none',
  macroF1: 'up',
  meanAbsoluteError: 'down',
  accuracyGain: 'up',
  aucGain: 'up',
  errorReduction: 'up',
  memberAccuracyGain: 'up',
  memberAucGain: 'up',
  memberErrorReduction: 'up',
  agreement: 'up',
  agreementGain: 'up',
  agreementSkill: 'up',
  agreementOnErrors: 'up',
  targetAccuracy: 'none',
  klDivergence: 'down',
};

const TOP = /^ppvTop[1-9]\d*$/;

/** Names to propose where one is not known; those with a number in them are examples. */
export const METRIC_NAMES: readonly string[] = [
  ...Object.keys(WORSE),
  ...['tprAtFpr0.01', 'tprAtFpr0.001', 'tprAtFpr0.0001', 'ppvTop10', 'ppvTop50', 'ppvTop100'],
];

/** Which way a metric is worse; undefined for a name that there is not. */
export function worseWhen(name: string): Worse | undefined {
  if (Object.hasOwn(WORSE, name)) return WORSE[name];
  return tailRate(name) !== undefined || TOP.test(name) ? 'up' : undefined;
}

/** What a baseline is compared by when a policy does not say: what verdicts rest on, so that no attack has all of them. */
export const COMPARED: readonly string[] = [
  ...['tprAtFpr0.01', 'tprAtFpr0.001', 'auc', 'balancedAccuracy', 'epsilonLowerBound'],
  ...['judgeAccuracy', 'memberCloser', 'memberCloserFeatures'],
  ...['accuracyGain', 'aucGain', 'errorReduction'],
  ...['memberAccuracyGain', 'memberAucGain', 'memberErrorReduction'],
  ...['agreement', 'agreementSkill'],
];
