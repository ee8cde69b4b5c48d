/** RMIA's likelihood ratios (Zarifzadeh et al., ICML 2024), in logarithms so that no probability underflows. */
import { expNegative, logOnePlus } from '../../../stats/log-posterior.ts';

/** ln p(label) of records by a model in the target's place and by reference models. */
export interface Observed {
  readonly target: Float64Array;
  /** `models × records`. */
  readonly references: readonly Float64Array[];
  /** `models × records`: 1 where the model was trained on the record. */
  readonly inside: readonly Uint8Array[];
}

/**
 * Where p(x), the record's probability whatever the model, comes from. `online`: the mean over all references, half of
 * which were trained on x. `offline`: from the mean P_out over those that were not, as ((1 + a) P_out + (1 − a)) / 2,
 * which takes P_in to be a P_out + (1 − a).
 */
export type Prior = { readonly mode: 'online' } | { readonly mode: 'offline'; readonly a: number };

/** ln(p(x | target) / p(x)) of every record; NaN where no reference can tell p(x). */
export const logRatios = ({ target, references, inside }: Observed, prior: Prior): Float64Array =>
  target.map((own, record) => {
    const logs = references.flatMap((values, m) =>
      prior.mode === 'offline' && inside[m]?.[record] === 1 ? [] : [values[record] as number],
    );
    if (logs.length === 0) return Number.NaN;
    const mean = logMean(logs);
    return own - (prior.mode === 'online' ? mean : corrected(mean, prior.a));
  });

/**
 * How far training raises a probability: the `a` of P_in = a P_out + (1 − a) that fits best, by least squares over
 * records that some references were trained on and others not. 1 where no record tells.
 */
export const impliedA = ({ target, references, inside }: Observed): number => {
  let product = 0;
  let squares = 0;
  target.forEach((_, record) => {
    const missing = (flag: number): number | undefined => {
      const logs = references.flatMap((values, m) =>
        inside[m]?.[record] === flag ? [values[record] as number] : [],
      );
      return logs.length === 0 ? undefined : 1 - expNegative(Math.min(0, logMean(logs)));
    };
    const [outside, trained] = [missing(0), missing(1)];
    if (outside === undefined || trained === undefined) return;
    product += trained * outside;
    squares += outside * outside;
  });
  return squares === 0 ? 1 : Math.min(1, product / squares);
};

/**
 * The share of the population z with LR(x, z) = ratio(x) / ratio(z) > γ, for every x; LR = γ does not count, as in the
 * authors' code. NaN for a ratio that is NaN.
 *
 * @param population logarithms of ratios, not empty, none NaN
 */
export const dominatedShares = (
  ratios: Float64Array,
  population: Float64Array,
  gamma: number,
): Float64Array => {
  if (population.length === 0) throw new Error('internal: no population to compare with');
  const sorted = population.slice().sort();
  const margin = logOnePlus(gamma - 1);
  return ratios.map((ratio) =>
    Number.isNaN(ratio) ? ratio : countBelow(sorted, ratio - margin) / sorted.length,
  );
};

/** ln of the mean of the numbers with these logarithms, all finite. */
const logMean = (logs: readonly number[]): number => logs.reduce(logSum) - logOnePlus(logs.length - 1);

/** ln((1 + a)/2 · eˡ + (1 − a)/2), 0 ≤ a ≤ 1. */
const corrected = (log: number, a: number): number => {
  const scaled = log + logOnePlus(a);
  const sum = a === 1 ? scaled : logSum(scaled, -logOnePlus(a / (1 - a)));
  return sum - Math.LN2;
};

/** ln(eᵃ + eᵇ). */
const logSum = (a: number, b: number): number => Math.max(a, b) + logOnePlus(expNegative(-Math.abs(a - b)));

/** How many of the sorted numbers are less than `limit`. */
const countBelow = (sorted: Float64Array, limit: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
