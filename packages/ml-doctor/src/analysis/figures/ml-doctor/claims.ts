/** Claims of ML-Doctor about the order of figures, held against the same differences of ours: each over its targets. */

import type { Metric } from '../../../report/schema.ts';
import { studentTQuantile } from '../../../stats/student-t.ts';
import type { Comparison, Published } from '../../figure.ts';
import { compareOrder } from '../../published/compare-order.ts';

export interface Claim {
  /** What is held to be higher, lower or equal: `MemInf <W,S> less <B,S>, mean over targets`. */
  readonly what: string;
  readonly where: string;
  /** A difference of each published target. */
  readonly published: readonly number[];
  readonly ours: readonly number[];
  /** Up to which differences are none; a point of a share when left out. */
  readonly within?: number;
}

/**
 * Over published and own targets the mean difference with Student's interval. The targets count as a sample of targets, so
 * that the interval holds the error of measuring each; targets of one data set are alike, for which it is too narrow.
 */
export function judge({ what, where, published, ours, within }: Claim): Comparison {
  const theirs = meanOf(published);
  if (theirs === undefined) throw new Error(`internal: fewer than two published targets for ${what}`);
  const zero = { value: 0, low: 0, high: 0 };
  const own = ours.length === 0 ? null : (meanOf(ours) ?? alone(ours[0] as number));
  return compareOrder(
    what,
    { first: { ...theirs, where } satisfies Published, second: { ...zero, where } },
    { first: own, second: own && { ...zero, method: 'by definition' } },
    within === undefined ? {} : { within },
  );
}

/** Of two values or more. */
export function meanOf(
  values: readonly number[],
): (Metric & { readonly low: number; readonly high: number }) | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const off = studentTQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - off, high: value + off, method: `Student's t over ${n} differences, 95 %` };
}

const alone = (value: number): Metric => ({ value, low: value, high: value, method: 'none' });
