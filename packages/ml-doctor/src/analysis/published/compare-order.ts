/** Whether two figures of ours are in the published order: for claims such as "falls with epochs" or "A is below B". */

import { quantity } from '../../report/format.ts';
import type { Metric } from '../../report/schema.ts';
import { type Limited, MOVER, moverDifference } from '../../stats/mover.ts';
import type { Agreement, Comparison, Published } from '../figure.ts';
import { differenceText, limited } from './compare.ts';

/** Two figures; what is told is the first less the second. */
export interface Pair<Figure> {
  readonly first: Figure;
  readonly second: Figure;
}

export interface OrderOptions {
  /** Why the order may be another one here, as of another kind of data. */
  readonly unlike?: string;
  /** Differences up to this are none: 0.01 when left out, a point of a share. */
  readonly within?: number;
}

type Order = 'higher' | 'lower' | 'equal';

/** Of shares: a point. */
const POINT = 0.01;

/**
 * Compares directions, not sizes. Either pair gives a difference with its interval by MOVER, which is too wide, never
 * too narrow, where both figures rise and fall together. The first is higher where the interval lies above 0 and the
 * difference is more than `within`, lower likewise, equal where the whole interval is within ±`within`; else the
 * order is open. `reproduced`: both pairs have one order; `differs`: each has another; `not comparable`: one is open.
 *
 * @returns with the differences as the two figures; ours null where one of the two was not measured
 */
export function compareOrder(
  what: string,
  published: Pair<Published>,
  ours: Pair<Metric | null>,
  { unlike, within = POINT }: OrderOptions = {},
): Comparison {
  const theirs = publishedDifference(published);
  const { first, second } = ours;
  if (first === null || second === null)
    return {
      ...{ what, published: theirs, ours: null, agreement: 'not comparable' },
      reason: first === second ? 'neither is measured here' : 'one of the two is not measured here',
    };
  const difference = moverDifference(limited(first), limited(second));
  const tell = (agreement: Agreement, reason: string): Comparison => ({
    ...{ what, published: theirs, ours: metric(difference), agreement, reason },
  });
  if (unlike !== undefined) return tell('not comparable', `not of the same thing: ${unlike}`);
  const [order, wanted] = [orderOf(difference, within), orderOf(theirs, within)];
  if (wanted === undefined)
    return tell('not comparable', `the published order is open: ${differenceText(theirs)}`);
  if (order === undefined) return tell('not comparable', `our order is open: ${differenceText(difference)}`);
  const known = `the first is ${orderText(order, within)}, ${differenceText(difference)}`;
  if (order === wanted) return tell('reproduced', `${known}, as published`);
  return tell('differs', `${known}; as published it is ${orderText(wanted, within)}`);
}

/** The published first less the published second. */
export function publishedDifference({ first, second }: Pair<Published>): Published {
  const where = first.where === second.where ? first.where : `${first.where}; ${second.where}`;
  return { ...moverDifference(first, second), where };
}

function orderOf({ value, low, high }: Limited, within: number): Order | undefined {
  if (low > 0 && value > within) return 'higher';
  if (high < 0 && value < -within) return 'lower';
  return Math.max(-low, high) <= within ? 'equal' : undefined;
}

const orderText = (order: Order, within: number): string =>
  order === 'equal' ? `equal to ±${quantity(within)}` : order;

function metric({ value, low, high }: Limited): Metric {
  const closed = (limit: number) => (Number.isFinite(limit) ? limit : null);
  return { value, low: closed(low), high: closed(high), method: MOVER };
}
