/** Whether a figure of ours agrees with the published one: one rule for all. */

import { quantity, signed } from '../../report/format.ts';
import type { Metric } from '../../report/schema.ts';
import type { Interval } from '../../stats/metric.ts';
import { type Limited, moverDifference } from '../../stats/mover.ts';
import type { Agreement, Comparison, Published } from '../figure.ts';

export interface CompareOptions {
  /** Why the two are not of the same thing, where they are not: another data set, model or number of epochs. */
  readonly unlike?: string;
  /** What the figure would be if there were nothing to see, as 0 of a correlation; none when left out. */
  readonly nothing?: number;
  /**
   * Differences up to this, in the unit of the figure, are as good as none: 0.05 when left out, as fits shares and
   * correlations. It never makes figures agree whose difference is certain.
   */
  readonly within?: number;
}

/** Of shares and correlations: a difference of five points is as good as none. */
export const WITHIN = 0.05;

/**
 * Asks two things, of intervals alone.
 *
 * 1. May the two be equal? The interval of their difference, ours less published, is made from the limits of both
 *    (MOVER). Where it does not hold 0, the figure `differs`.
 * 2. Where it holds 0, does that say anything? It does, and the figure is `reproduced`, where both intervals leave out
 *    `nothing`, or where the whole interval of the difference is within ±`within`. Else too little is known, as of
 *    an interval that holds both the published figure and chance: `not comparable`.
 *
 * A figure that was not measured, has no interval or half of one, or is `unlike` the published one is `not comparable`
 * from the start. The rule treats both figures alike. Wider intervals can turn `differs` into one of the
 * others and `reproduced` into `not comparable`, never the other way round.
 */
export function compare(
  what: string,
  published: Published,
  ours: Metric | null,
  { unlike, nothing, within = WITHIN }: CompareOptions = {},
): Comparison {
  const tell = (agreement: Agreement, reason: string): Comparison => ({
    ...{ what, published, ours, agreement, reason },
  });
  if (ours === null) return tell('not comparable', 'not measured here');
  if (unlike !== undefined) return tell('not comparable', `not of the same thing: ${unlike}`);
  const limits = limited(ours);
  const open = openText(limits);
  if (open !== undefined) return tell('not comparable', open);

  const difference = moverDifference(limits, published);
  const found = `ours less published is ${differenceText(difference)}`;
  if (!holds(difference, 0)) return tell('differs', `${found}${sideText(limits, published, nothing)}`);
  if (Math.max(-difference.low, difference.high) <= within)
    return tell('reproduced', `${found}, all of it within ±${quantity(within)}`);
  if (nothing === undefined)
    return tell('not comparable', `${found}, which may be nothing or more than ${quantity(within)}`);
  const blur = blurOf(limits, published, nothing);
  if (blur === undefined)
    return tell('reproduced', `${found}, and both lie on the same side of ${quantity(nothing)}`);
  return tell('not comparable', `${found}, but ${blur}`);
}

/** With ±∞ where a side is not bounded, as both are of a figure without a method: its limits say nothing about it. */
export function limited({ value, low, high, method }: Metric): Limited {
  const bare = method === 'none';
  return {
    value,
    low: bare || low === null ? Number.NEGATIVE_INFINITY : low,
    high: bare || high === null ? Number.POSITIVE_INFINITY : high,
  };
}

function openText({ low, high }: Interval): string | undefined {
  const below = low === Number.NEGATIVE_INFINITY;
  const above = high === Number.POSITIVE_INFINITY;
  if (below && above) return 'our figure has no interval';
  if (below) return 'our interval has no lower limit';
  return above ? 'our interval has no upper limit' : undefined;
}

function holds({ low, high }: Interval, value: number): boolean {
  return low <= value && value <= high;
}

/** `−0.120 (−0.300 to +0.060)`; of a side that is not bounded `−∞` or `+∞`. */
export function differenceText({ value, low, high }: Limited): string {
  const limit = (at: number) => (Number.isFinite(at) ? signed(at, 3) : at < 0 ? '−∞' : '+∞');
  return `${signed(value, 3)} (${limit(low)} to ${limit(high)})`;
}

/** Which of the two cannot be told from what would be there if there were nothing to see. */
function blurOf(ours: Limited, published: Published, nothing: number): string | undefined {
  const at = quantity(nothing);
  const mine = holds(ours, nothing);
  if (holds(published, nothing))
    return mine
      ? `neither figure can be told from ${at}`
      : `the published figure cannot itself be told from ${at}`;
  return mine ? `ours may be ${at} as well: too little to tell` : undefined;
}

/** Of figures that differ: whether they say at least the same about which way it goes. */
function sideText(ours: Limited, published: Published, nothing: number | undefined): string {
  if (nothing === undefined) return '';
  const at = quantity(nothing);
  if (holds(published, nothing)) return `; the published figure cannot be told from ${at}`;
  if (holds(ours, nothing)) return `; ours cannot be told from ${at}`;
  const same = ours.value > nothing === published.value > nothing;
  return same ? `; both lie on the same side of ${at}` : `; they lie on opposite sides of ${at}`;
}
