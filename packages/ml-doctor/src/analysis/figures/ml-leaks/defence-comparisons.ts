/** What is published of dropout and stacking, beside ours. */

import type { Metric } from '../../../report/schema.ts';
import type { Comparison } from '../../figure.ts';
import { compare } from '../../published/compare.ts';
import { compareOrder } from '../../published/compare-order.ts';
import { DROPOUT, STACKING_CUT_ON_LOCATION } from '../../published/ml-leaks-2019/figures.ts';
import { metricOf } from '../shokri/attacked.ts';
import { FIGURES } from './along.ts';
import type { Defended } from './defences.ts';
import { standsFor, unlikePaper } from './setting.ts';

export function comparisonsOf(row: Defended): Comparison[] {
  switch (row.after.target.defense.name) {
    case 'dropout':
      return dropout(row);
    case 'stacking':
      return standsFor(row.before.target.data.name) === 'location' ? stacking(row) : [];
    default:
      return [];
  }
}

/** Of which data set the example is told is not known, so that only the direction can be held against it. */
const dropout = ({ place, label, before, after }: Defended): Comparison[] =>
  FIGURES.map((name) =>
    compareOrder(
      `${name} with ${label} less that without, ${place}`,
      { first: DROPOUT.dropout[name], second: DROPOUT.none[name] },
      { first: metricOf(after, name) ?? null, second: metricOf(before, name) ?? null },
    ),
  );

function stacking({ place, label, before, after }: Defended): Comparison[] {
  const unlike = unlikePaper(before, 'location');
  return FIGURES.map((name) => {
    const [a, b] = [metricOf(after, name), metricOf(before, name)];
    const cut = a && b ? cutOf(a, b) : undefined;
    return compare(
      `share of ${name} that ${label} takes away, ${place}`,
      STACKING_CUT_ON_LOCATION,
      cut ?? null,
      {
        nothing: 0,
        ...(unlike !== undefined && { unlike }),
      },
    );
  });
}

/**
 * 1 − after / before, by MOVER for a ratio (Donner & Zou, Statistical Methods in Medical Research 21, 2012): all r for
 * which 0 lies between the limits of after − r · before. Undefined where one has no interval, or that of
 * `before` is so wide that the ratio has no bound.
 */
export function cutOf(after: Metric, before: Metric): Metric | undefined {
  const [l1, u1, l2, u2] = [after.low, after.high, before.low, before.high];
  if (l1 === null || u1 === null || l2 === null || u2 === null) return undefined;
  const [a, b] = [after.value, before.value];
  if (l2 <= 0 || u2 >= 2 * b) return undefined;
  const root = (end: number, other: number, sign: -1 | 1) => {
    const product = a * b;
    const inner = product ** 2 - end * other * (2 * a - end) * (2 * b - other);
    return (product + sign * Math.sqrt(Math.max(0, inner))) / (other * (2 * b - other));
  };
  const [low, high] = [root(l1, u2, -1), root(u1, l2, 1)];
  const value = 1 - a / b;
  return {
    value,
    low: Math.min(value, 1 - high),
    high: Math.max(value, 1 - low),
    method: 'MOVER for the ratio of two figures',
  };
}
