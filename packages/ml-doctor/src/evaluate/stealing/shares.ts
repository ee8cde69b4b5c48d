/** Shares of records with exact intervals: how often a model is right, and how often a copy does as the target does. */
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import { type Judged, type Sample, same } from './sample.ts';

type Metrics = Readonly<Record<string, Metric>>;

export const share = (successes: number, trials: number): Metric => ({
  value: successes / trials,
  ...clopperPearson(successes, trials),
  method: 'Clopper-Pearson',
});

/** @param answers to the records of the sample, or one for all */
export const agreementAndAccuracy = ({ target, labels }: Sample, answers: Int32Array | number): Metrics => ({
  agreement: share(same(target, answers), target.length),
  accuracy: share(same(labels, answers), labels.length),
});

export const targetErrors = ({ target, labels }: Sample): number => target.length - same(target, labels);

/** Among the records that the target gets wrong, those where the copy gives the same wrong answer; none where it gets none wrong. */
export function onErrors(sample: Sample, { answers }: Judged): Metrics {
  const { target, labels } = sample;
  const errors = targetErrors(sample);
  if (errors === 0) return {};
  const repeated = same(target, answers, (i) => target[i] !== labels[i]);
  return { agreementOnErrors: share(repeated, errors) };
}
