/** Which figures of a copy are bootstrapped, in which range each can lie, and how narrow its interval may be. */
import type { Interval, Metric } from '../../stats/metric.ts';
import { RESAMPLES, type Statistic, unseenShare, within } from '../../stats/paired-bootstrap.ts';
import type { Draw } from './draw.ts';
import type { Judged } from './sample.ts';

const OVER = `over records, ${RESAMPLES} resamples, no narrower than a record of a kind not seen allows`;
const ANEW = 'lower end: the best baseline of each resample';

/**
 * Mean divergence from the target of a model, by its place among those of a draw. No narrower than a kind of record allows
 * that has gone unseen, and on which the model is exact, or as far off as on the worst that was seen.
 */
export function divergenceStatistic({ divergence }: Judged, place: number): Statistic<Draw> {
  const unseen = unseenShare(divergence.length);
  const largest = divergence.reduce((most, value) => Math.max(most, value), 0);
  return {
    of: (draw) => draw.divergence[place]!,
    least: (mean) => ({ low: mean * (1 - unseen), high: mean + unseen * (largest - mean) }),
    range: [0, Number.POSITIVE_INFINITY],
    method: `bootstrap ${OVER}`,
  };
}

/** Records on which a baseline agrees with the target, in a draw. */
type Rival = (draw: Draw) => number;

export const kept =
  (baseline: number): Rival =>
  ({ baselines }) =>
    baselines[baseline]!;
export const chosenAnew: Rival = ({ best }) => best;

/** The last copy's agreement less a baseline's, on the same records. */
export const gainStatistic = (rival: Rival, records: number): Statistic<Draw> => ({
  of: (draw) => (draw.copy - rival(draw)) / draw.records,
  least: within(unseenShare(records)),
  range: [-1, 1],
  method: `paired bootstrap ${OVER}`,
});

/**
 * Which share of the records on which a baseline disagrees with the target the copy wins: (a − b)/(1 − b), both taken from the
 * same resample. Where the baseline agrees on all of a resample there is nothing to win: 0 for a copy that agrees on all too,
 * −∞ for one that does not.
 *
 * @param own agreeing records of all there are; the rival disagrees on at least one
 */
export const skillStatistic = (
  rival: Rival,
  own: { readonly copy: number; readonly rival: number; readonly records: number },
): Statistic<Draw> => ({
  of: (draw) => {
    const [won, open] = [draw.copy - rival(draw), draw.records - rival(draw)];
    if (open > 0) return won / open;
    return won === 0 ? 0 : Number.NEGATIVE_INFINITY;
  },
  least: () => skillReach(own),
  range: [Number.NEGATIVE_INFINITY, 1],
  method: `paired bootstrap ${OVER}`,
});

/** A share u of unseen records on which one of the two disagrees makes its 1 − agreement, d, to (1 − u)d + u. */
function skillReach({ copy, rival, records }: Parameters<typeof skillStatistic>[1]): Interval {
  const unseen = unseenShare(records);
  const more = unseen / (1 - unseen);
  const [left, open] = [1 - copy / records, 1 - rival / records];
  return { low: 1 - (left + more) / open, high: 1 - left / (open + more) };
}

/**
 * A figure over the best of several baselines, which is chosen by the records that judge it. In a resample the best is
 * better than it is in truth, by luck, as it is here; so the lower end takes the best of each resample, and the attack is not
 * credited with a lucky choice. The upper end keeps the one that is best here: it would be too low otherwise, and rule
 * out what the records do not (where two are equally good, up to 6 % of the upper ends still are). The figure falls as the
 * baseline rises, so that the ends stay in order.
 */
export const overBest = (keptBest: Metric, anew: Metric): Metric => ({
  value: keptBest.value,
  low: Math.min(keptBest.low, anew.low),
  high: keptBest.high,
  method: `${keptBest.method}; ${ANEW}`,
});
