/**
 * Adversary 3 of ML-Leaks, who trains nothing: a statistic of the target's posterior, and a threshold from the target's
 * answers to random inputs, which are nobody's training records.
 */
import { stream } from 'onnx-grad';
import { argmax } from '../../../stats/argmax.ts';
import { crossEntropyLoss, posterior } from '../../../stats/log-posterior.ts';
import type { Answers, LivePosteriorAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import type { AttackInput, AttackScores, RecordData } from '../membership-attack.ts';
import { entropy } from '../metric-threshold/metrics.ts';

export const STATISTICS = ['maximum', 'standard-deviation', 'entropy'] as const;
export type Statistic = (typeof STATISTICS)[number];

/**
 * Of one row of logits, higher for a surer answer. The maximum as its logarithm, which tells posteriors apart that round
 * to 1 (a percentile does not care); the entropy negated.
 */
export const statisticOf = (statistic: Statistic, row: Float32Array): number => {
  switch (statistic) {
    case 'maximum':
      return -crossEntropyLoss(row, argmax(row));
    case 'standard-deviation':
      return standardDeviation(row);
    case 'entropy':
      return -entropy(row);
  }
};

/** Of the posteriors around their mean, 1/classes; all of them are there, so it is divided by their number. */
const standardDeviation = (row: Float32Array): number => {
  const mean = 1 / row.length;
  return Math.sqrt(posterior(row).reduce((sum, p) => sum + (p - mean) ** 2, 0) * mean);
};

const statisticsOf = (statistic: Statistic, { logits, classes }: Answers): Float64Array =>
  Float64Array.from({ length: logits.length / classes }, (_, i) =>
    statisticOf(statistic, logits.subarray(i * classes, (i + 1) * classes)),
  );

/** The largest threshold that lets at least this many per cent of the scores pass. */
export const topPercentile = (scores: Float64Array, percent: number): number => {
  const passing = Math.ceil((scores.length * percent) / 100);
  return scores.slice().sort()[scores.length - passing] as number;
};

/** Inputs in memory at once. */
const ROWS_PER_QUERY = 256;

/**
 * Inputs number `start` to `start + rows − 1`: every value uniform between the bounds of its place, or one of the two
 * where records are bits. An input does not depend on how many there are.
 */
export const randomInputs = (
  { bounds: { low, high }, features }: Pick<RecordData, 'bounds' | 'features'>,
  seed: number,
  start: number,
  rows: number,
): Float32Array => {
  const width = low.length;
  const source = stream(seed, 'ml-leaks', 'random inputs');
  const values = new Float32Array(rows * width);
  const unit =
    features === 'binary'
      ? source.bernoulli(values, 0.5, 1, start * width)
      : source.uniform(values, start * width);
  // Both ends exact: bits must be 0 and 1 as the model knows them.
  return unit.map((u, i) => (1 - u) * (low[i % width] as number) + u * (high[i % width] as number));
};

export const withoutTraining = async (
  { target, records, data }: Pick<AttackInput<LivePosteriorAccess>, 'target' | 'records' | 'data'>,
  {
    statistic,
    queries,
    percentile,
  }: { readonly statistic: Statistic; readonly queries: number; readonly percentile: number },
  { seed, signal }: Pick<AttackContext, 'seed' | 'signal'>,
): Promise<AttackScores> => {
  const scores = statisticsOf(statistic, await target.query(records));
  const random = new Float64Array(queries);
  for (let start = 0; start < queries; start += ROWS_PER_QUERY) {
    signal.throwIfAborted();
    const rows = Math.min(ROWS_PER_QUERY, queries - start);
    const values = randomInputs(data, seed, start, rows);
    random.set(statisticsOf(statistic, await target.answersOf({ values, rows })), start);
  }
  return { scores, threshold: topPercentile(random, percentile) };
};
