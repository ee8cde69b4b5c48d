/**
 * The one shape in which a measured number leaves this program: never without its interval and where that
 * comes from.
 */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `low` ≤ `value` ≤ `high`, both limits of a two-sided 95 % interval unless `method` says otherwise. */
export interface Metric extends Interval {
  readonly value: number;
  /** How the interval was made, for a reader who wants to check it. */
  readonly method: string;
}

/** Two-sided confidence of every interval in a report. */
export const CONFIDENCE = 0.95;

/**
 * The part of a two-sided interval's error that each side may use.
 *
 * @throws {Error} `internal:` unless `confidence` lies strictly between 0 and 1
 */
export function errorPerSide(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new Error(`internal: confidence ${confidence} is not in (0, 1)`);
  return (1 - confidence) / 2;
}
