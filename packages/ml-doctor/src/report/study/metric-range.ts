/** Where metrics, and what changes of them, can lie at all. */

/** Of figures that may lie beyond 0 and 1: reconstructions and guesses need not stay within the range of the data. */
const RANGE: Readonly<Record<string, readonly [least: number, most: number]>> = {
  epsilonLowerBound: [0, Number.POSITIVE_INFINITY],
  mse: [0, Number.POSITIVE_INFINITY],
  mseNormalised: [0, Number.POSITIVE_INFINITY],
  ssimClassMean: [-1, 1],
  ssimNearestMember: [-1, 1],
  ssimNearestNonMember: [-1, 1],
  nearestMemberDistance: [0, Number.POSITIVE_INFINITY],
  nearestNonMemberDistance: [0, Number.POSITIVE_INFINITY],
  nearestMemberFeatureDistance: [0, Number.POSITIVE_INFINITY],
  nearestNonMemberFeatureDistance: [0, Number.POSITIVE_INFINITY],
  judgeAccuracyGain: [-1, 1],
  meanAbsoluteError: [0, Number.POSITIVE_INFINITY],
  accuracyGain: [-1, 1],
  aucGain: [-1, 1],
  memberAccuracyGain: [-2, 1],
  memberAucGain: [-2, 1],
  errorReduction: [Number.NEGATIVE_INFINITY, 1],
  memberErrorReduction: [Number.NEGATIVE_INFINITY, 1],
  klDivergence: [0, Number.POSITIVE_INFINITY],
  agreementGain: [-1, 1],
  agreementSkill: [Number.NEGATIVE_INFINITY, 1],
};

/** Where a metric can lie at all. */
export function rangeOf(name: string): readonly [least: number, most: number] {
  return Object.hasOwn(RANGE, name) ? RANGE[name]! : [0, 1];
}

/** Where the difference of two values of a metric can lie. */
export function differenceRange(name: string): readonly [least: number, most: number] {
  const [least, most] = rangeOf(name);
  return [least - most, most - least];
}
