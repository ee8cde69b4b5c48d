/** The interval of a correlation on Fisher's scale, where it is nearly normal. */

import { CONFIDENCE, errorPerSide } from '../metric.ts';
import { normalQuantile } from '../normal.ts';

/** @param error standard error of atanh of the value */
export function fisherInterval(
  value: number,
  error: number,
  confidence = CONFIDENCE,
): { readonly low: number; readonly high: number } {
  const reach = normalQuantile(1 - errorPerSide(confidence)) * error;
  const z = Math.atanh(value);
  return Number.isFinite(z)
    ? { low: Math.min(value, Math.tanh(z - reach)), high: Math.max(value, Math.tanh(z + reach)) }
    : { low: value, high: value };
}
