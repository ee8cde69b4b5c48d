/** What posteriors tell of the logits behind them: all but the number that was added to every logit of a record. */
import { logOnePlus } from '../../../stats/log-posterior.ts';

/** 10 to the number of decimal places; more than the last are more than 32-bit posteriors hold: they were not rounded. */
const UNITS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7] as const;
/** What `decimalPlaces` says of posteriors that were not rounded. */
export const UNROUNDED = UNITS.length;
/** The least normal 32-bit number. */
const LEAST = 2 ** -126;

/**
 * Decimal places that the posteriors may have been rounded to: the least that all of them agree with, from 0, and `UNROUNDED`
 * where no number of places does. More answers can only show more places.
 */
export const decimalPlaces = (posteriors: Float32Array, least = 0): number => {
  let digits = least;
  for (const p of posteriors)
    for (; digits < UNITS.length; digits++) {
      const scaled = p * (UNITS[digits] as number);
      // Half a unit in the last place of a 32-bit number, with room for the product's own rounding.
      if (Math.abs(scaled - Math.round(scaled)) <= scaled * 2 ** -23) break;
    }
  return digits;
};

/**
 * The logits minus their mean over the classes: ln p − mean ln p (Truong et al. 2021, § 3.4 on recovering logits),
 * `rows × classes`. What was rounded away is taken for half of the last place, what underflowed for the least 32-bit
 * number, so that every logit is finite.
 * @param digits of `decimalPlaces`, over all answers so far
 */
export const recoveredLogits = (posteriors: Float32Array, classes: number, digits: number): Float32Array => {
  const unit = UNITS[digits];
  const floor = unit === undefined ? LEAST : 0.5 / unit;
  const logits = new Float32Array(posteriors.length);
  const row = new Float64Array(classes);
  for (let at = 0; at < posteriors.length; at += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const p = Math.min(1, Math.max(floor, posteriors[at + k] as number));
      row[k] = -logOnePlus(1 / p - 1);
      sum += row[k] as number;
    }
    for (let k = 0; k < classes; k++) logits[at + k] = (row[k] as number) - sum / classes;
  }
  return logits;
};
