/** Intervals for any figures of the same records: all of them from each resample, so that they rise and fall together. */
import { stream } from 'onnx-grad';
import { clopperPearson } from './binomial.ts';
import { CONFIDENCE, errorPerSide, type Interval, type Metric } from './metric.ts';

/** A limit is off by about .08 standard errors for there being no more of them. */
export const RESAMPLES = 1000;

/** One figure of a draw: of the records as they are, or of a resample. */
export interface Statistic<Draw> {
  /** NaN where the draw has no such figure; −∞ and ∞ count as the extremes that they are. */
  readonly of: (draw: Draw) => number;
  /**
   * What the interval covers at the least: a bootstrap sees nothing of events that are not among its records.
   *
   * @param varies whether any two resamples differ
   */
  readonly least: (value: number, varies: boolean) => Interval;
  /** Where the figure can lie at all. */
  readonly range: readonly [least: number, most: number];
  readonly method: string;
}

/**
 * Every statistic with its percentile bootstrap interval (Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993,
 * §13.3): groups are resampled separately, records of a group with replacement. Resamples without the figure do not count.
 *
 * @param sizes records of each group, 1 or more
 * @param drawOf a draw from how often each record of each group is in it; the counts change after the call
 * @returns for each set its metrics; without those that the records do not have, or whose interval is not finite
 */
export function pairedBootstrap<Draw, Name extends string>(
  sizes: readonly number[],
  seed: number,
  drawOf: (counts: readonly Uint8Array[]) => Draw,
  sets: readonly { readonly [N in Name]?: Statistic<Draw> }[],
): readonly { readonly [N in Name]?: Metric }[] {
  // A byte is enough: that one of n records is drawn 256 times has a chance of about n/256!.
  const counts = sizes.map((size) => new Uint8Array(size).fill(1));
  const own = drawOf(counts);
  const figures = sets.flatMap((set, s) =>
    (Object.entries(set) as [Name, Statistic<Draw>][])
      .map(([name, statistic]) => ({ s, name, statistic, value: statistic.of(own) }))
      .filter(({ value }) => Number.isFinite(value)),
  );
  const resampled = figures.map(() => new Float64Array(RESAMPLES));
  const streams = sizes.map((_, g) => stream(seed, 'paired bootstrap', g));
  const drawn = sizes.map((size) => new Uint32Array(size));
  for (let b = 0; b < RESAMPLES; b++) {
    counts.forEach((each, g) => {
      each.fill(0);
      for (const i of streams[g]!.integers(drawn[g]!, each.length, b * each.length)) each[i]!++;
    });
    const draw = drawOf(counts);
    figures.forEach(({ statistic }, f) => {
      resampled[f]![b] = statistic.of(draw);
    });
  }
  const metrics: { [N in Name]?: Metric }[] = sets.map(() => ({}));
  figures.forEach(({ s, name, statistic, value }, f) => {
    const metric = metricOf(value, statistic, resampled[f]!);
    if (Number.isFinite(metric.low) && Number.isFinite(metric.high)) metrics[s]![name] = metric;
  });
  return metrics;
}

function metricOf<Draw>(
  value: number,
  { least, range, method }: Statistic<Draw>,
  resampled: Float64Array,
): Metric {
  const known = resampled.filter((each) => !Number.isNaN(each)).sort();
  const cut = Math.floor(known.length * errorPerSide(CONFIDENCE));
  const { low, high } = least(value, known[0] !== known[known.length - 1]);
  return {
    value,
    low: Math.max(range[0], Math.min(value, low, known[cut] ?? value)),
    high: Math.min(range[1], Math.max(value, high, known[known.length - 1 - cut] ?? value)),
    method,
  };
}

/**
 * The largest share that a kind of record can have of a population when none is among `records` of it: Clopper and
 * Pearson's upper limit for none, 1 − .025^(1/n), about 3.7/n.
 */
export const unseenShare = (records: number): number => clopperPearson(0, records).high;

/** Never narrower than `reach` to both sides. */
export const within =
  (reach: number) =>
  (value: number): Interval => ({ low: value - reach, high: value + reach });
