/** Means and shares over repeats within fixed groups, with intervals that do not take copies for repeats. */
import { clopperPearson } from './binomial.ts';
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { studentTQuantile } from './student-t.ts';

/** A group (as a class) of independent repeats. The shares of a group sum to 1. */
export type Stratum = readonly {
  readonly value: number;
  /** Above 1/n where some of the n repeats are copies of each other, which tell no more than one of them. */
  readonly share: number;
}[];

/** The mean over groups, which weigh equally, of the mean within each. */
export const meanOverStrata = (strata: readonly Stratum[]): number =>
  strata.reduce((sum, stratum) => sum + meanOf(stratum), 0) / strata.length;

const meanOf = (stratum: Stratum): number =>
  stratum.reduce((sum, { value, share }) => sum + share * value, 0);

/**
 * What a share of independent repeats weighs like: (Σw)²/Σw² (Kish, *Survey Sampling*, 1965). For groups of equally
 * many different repeats it is their number.
 */
export const effectiveRepeats = (strata: readonly Stratum[]): number => {
  let squares = 0;
  for (const stratum of strata) for (const { share } of stratum) squares += share ** 2;
  return strata.length ** 2 / squares;
};

/** Where a count is whole but for the rounding of the shares it comes from. */
const ROUNDING = 1e-9;

/**
 * A share (values between 0 and 1) with the interval of Clopper and Pearson. The groups are fixed and their
 * probabilities differ; the binomial limits hold for the mean of those all the same, and are wide rather than narrow
 * (Hoeffding, Ann. Math. Statist. 27, 1956). Where copies or unequal groups make the number of
 * independent repeats or that of successes broken, both are rounded to the side that widens.
 *
 * @param repeats what is counted, as "reconstructions"
 */
export function shareMetric(strata: readonly Stratum[], repeats: string, confidence = CONFIDENCE): Metric {
  const mean = meanOverStrata(strata);
  const trials = Math.floor(effectiveRepeats(strata) + ROUNDING);
  const fewest = Math.floor(mean * trials + ROUNDING);
  const most = Math.ceil(mean * trials - ROUNDING);
  const value = fewest === most ? fewest / trials : mean;
  return {
    value,
    low: Math.min(value, clopperPearson(fewest, trials, confidence).low),
    high: Math.max(value, clopperPearson(most, trials, confidence).high),
    method: `Clopper-Pearson, ${trials} different ${repeats}, classes fixed`,
  };
}

/**
 * A mean with Student's interval: from the variance within groups, with Satterthwaite's degrees of freedom
 * (Biometrics Bull. 2, 1946), where each has two repeats or more. Otherwise from the variance between the groups'
 * means, which holds the variance within and the differences between groups besides: wide rather than narrow.
 *
 * @param range where a value can lie; limits beyond are cut off
 */
export function meanMetric(
  strata: readonly Stratum[],
  [least, most]: readonly [least: number, most: number],
  confidence = CONFIDENCE,
): Metric {
  const value = meanOverStrata(strata);
  const { variance, freedom, method } = strata.every((stratum) => stratum.length > 1)
    ? varianceWithin(strata)
    : varianceBetween(strata);
  if (!(freedom > 0)) {
    const limit = (end: number) => (Number.isFinite(end) ? end : value);
    return { value, low: Math.min(value, limit(least)), high: Math.max(value, limit(most)), method };
  }
  const reach =
    variance === 0 ? 0 : studentTQuantile(1 - errorPerSide(confidence), freedom) * Math.sqrt(variance);
  return {
    value,
    low: Math.min(value, Math.max(least, value - reach)),
    high: Math.max(value, Math.min(most, value + reach)),
    method,
  };
}

/** Of the mean over groups; `freedom` 0 where nothing is known of it. */
interface Spread {
  readonly variance: number;
  readonly freedom: number;
  readonly method: string;
}

function varianceWithin(strata: readonly Stratum[]): Spread {
  const parts = strata.map((stratum) => {
    const mean = meanOf(stratum);
    const squares = stratum.reduce((sum, { value, share }) => sum + (share * (value - mean)) ** 2, 0);
    return squares / (1 - 1 / stratum.length) / strata.length ** 2;
  });
  const variance = parts.reduce((sum, part) => sum + part, 0);
  const spread = parts.reduce((sum, part, s) => sum + part ** 2 / (strata[s]!.length - 1), 0);
  // Where all repeats agree there is no spread to divide by, and no reach that the freedom would scale.
  const freedom = spread === 0 ? Number.MAX_VALUE : variance ** 2 / spread;
  return { variance, freedom, method: "Student's t over repeats within each class, classes fixed" };
}

function varianceBetween(strata: readonly Stratum[]): Spread {
  const groups = strata.length;
  if (groups < 2) return { variance: 0, freedom: 0, method: 'none: a single reconstruction' };
  const means = strata.map(meanOf);
  const centre = means.reduce((sum, mean) => sum + mean, 0) / groups;
  const variance = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (groups - 1) / groups;
  return {
    variance,
    freedom: groups - 1,
    method: "Student's t between classes (too few repeats within them)",
  };
}
