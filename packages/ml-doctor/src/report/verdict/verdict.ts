/**
 * What a membership attack's metrics mean for the owner of the model.
 *
 * Grades lower confidence bounds only, and the low-false-positive tail first: an attack at AUC .58 may still name a few
 * people with near certainty (Carlini et al., S&P 2022), so an average can raise a level but never excuse a tail.
 */

import { grouped, oneIn, percent, percentWithInterval, plural, tailRate } from '../format.ts';
import type { Level, Metric, Result, Verdict } from '../schema.ts';
import { LEVELS } from '../schema.ts';

type Metrics = Result['metrics'];
type Records = Result['records'];

/**
 * How many times more often than by chance the attacker must be right, TPR / FPR, at the lower bound. At even odds 3
 * means that 3 of 4 accusations are true and 10 that 10 of 11 are.
 */
export const TAIL_RATIO = { moderate: 3, high: 10 } as const;

/** Lower bounds on averages. AUC has no `high`: ranking well on average names nobody yet. */
export const AVERAGE = { moderate: 0.6, high: 0.8 } as const;

/** The rate verdicts are worded at when it is there. */
export const PREFERRED_RATE = 0.01;
/** False positives a sample must allow at a rate before its value, and not its interval alone, is worth reading. */
export const RESOLVED_FALSE_ALARMS = 10;
const PREFERRED_TAIL = `tprAtFpr${PREFERRED_RATE}`;

/**
 * Grades one membership attack.
 *
 * | level | TPR / FPR at a resolved rate | balanced accuracy | AUC |
 * | --- | --- | --- | --- |
 * | high | ≥ 10 | ≥ .8 | |
 * | moderate | ≥ 3 | ≥ .6 | ≥ .6 |
 * | low | > 1 | > .5 | > .5 |
 *
 * One lower bound suffices. With none above chance the level is `none-found` if every upper bound excludes a moderate
 * leak, and `inconclusive` otherwise. The bounds must allow for the size of the sample and for the estimated threshold,
 * as those of `tprAtFprMetric` do; on top of that, a tail at rate f counts only with 1 / f non-members or more, since
 * below that no false positive may happen at all. A metric with no lower bound is no evidence, and an
 * audit without a tail at 1 % cannot end in `none-found`.
 *
 * Each bound of a two-sided 95 % interval is wrong by chance once in 40 times, so a model that leaks nothing is called
 * `low` about that often per metric.
 */
export function membershipVerdict(metrics: Metrics, records: Records): Verdict {
  const level = grade(metrics, records);
  return { level, sentence: [opening(level), ...facts(metrics, records)].join(' '), advice: advise(level) };
}

/** Rank of a level, 0 for the least worrying. */
export function levelRank(level: Level): number {
  return LEVELS.indexOf(level);
}

function grade(metrics: Metrics, records: Records): Level {
  const shown = Object.entries(metrics).flatMap(([name, { low }]) =>
    low === null ? [] : levelOf(name, low, records),
  );
  const worst = LEVELS[Math.max(0, ...shown.map(levelRank))]!;
  if (worst !== 'none-found') return worst;
  return excludesModerate(metrics, records) ? 'none-found' : 'inconclusive';
}

/** Whether the upper bounds leave no room for a moderate leak. Rates below the preferred one never could, at any affordable size. */
function excludesModerate(metrics: Metrics, records: Records): boolean {
  if (metrics[PREFERRED_TAIL] === undefined || !canResolve(PREFERRED_RATE, records)) return false;
  return ['auc', 'balancedAccuracy', PREFERRED_TAIL].every((name) => {
    const metric = metrics[name];
    return (
      metric === undefined || levelRank(levelOf(name, metric.high ?? 1, records)) < levelRank('moderate')
    );
  });
}

/** The level that one bound supports by itself. */
export function levelOf(name: string, bound: number, records: Records): Level {
  const rate = tailRate(name);
  if (rate !== undefined) {
    const ratio = canResolve(rate, records) ? bound / rate : 0;
    return pick(ratio >= TAIL_RATIO.high, ratio >= TAIL_RATIO.moderate, ratio > 1);
  }
  if (name === 'balancedAccuracy') return pick(bound >= AVERAGE.high, bound >= AVERAGE.moderate, bound > 0.5);
  if (name === 'auc') return pick(false, bound >= AVERAGE.moderate, bound > 0.5);
  return 'none-found';
}

function pick(high: boolean, moderate: boolean, low: boolean): Level {
  return high ? 'high' : moderate ? 'moderate' : low ? 'low' : 'none-found';
}

/** Whether a rate allows one false positive at all. */
export function canResolve(rate: number, { nonMembers }: Records): boolean {
  return nonMembers * rate >= 1 - 1e-9;
}

function opening(level: Level): string {
  switch (level) {
    case 'high':
      return 'This attack identifies training records with confidence.';
    case 'moderate':
      return 'This attack identifies some training records clearly better than guessing.';
    case 'low':
      return 'This attack is measurably better than guessing, by a little.';
    case 'inconclusive':
      return 'There are too few records to tell: neither guessing nor a real leak can be ruled out.';
    case 'none-found':
      return 'This attack found no evidence of a leak; that is not proof of safety, as a stronger attack may find one.';
  }
}

/** One sentence per headline metric; the preferred tail first, other tails only when they are worse for the model. */
function facts(metrics: Metrics, records: Records): string[] {
  const sentences: string[] = [];
  const tails = Object.entries(metrics)
    .flatMap(([name, metric]) => {
      const rate = tailRate(name);
      return rate === undefined ? [] : [{ rate, metric }];
    })
    .sort((a, b) => b.rate - a.rate);
  const resolved = tails.filter(({ rate }) => canResolve(rate, records));
  const main = resolved.find(({ rate }) => rate === PREFERRED_RATE) ?? resolved[0];
  if (main !== undefined) sentences.push(tailSentence(main.rate, main.metric));
  else if (tails.length === 0)
    sentences.push('How the attack does at few false accusations was not measured.');
  for (const { rate, metric } of resolved) {
    const beyond =
      main !== undefined && rate !== main.rate && ratio(rate, metric) > ratio(main.rate, main.metric);
    if (beyond && ratio(rate, metric) > 1) sentences.push(tailSentence(rate, metric));
  }
  if (metrics.auc !== undefined) sentences.push(aucSentence(metrics.auc));
  if (records.nonMembers * PREFERRED_RATE < RESOLVED_FALSE_ALARMS) sentences.push(powerSentence(records));
  return sentences;
}

function ratio(rate: number, metric: Metric): number {
  return (metric.low ?? 0) / rate;
}

/** How far the sample reaches, in the words of somebody who could collect a larger one. */
function powerSentence({ nonMembers }: Records): string {
  const allowed = Math.floor(nonMembers * PREFERRED_RATE + 1e-9);
  return (
    `At ${percent(PREFERRED_RATE)}, ${plural(nonMembers, 'non-member')} allow ${plural(allowed, 'false accusation')}: ` +
    `too few to measure by; take ${grouped(RESOLVED_FALSE_ALARMS / PREFERRED_RATE)} or more.`
  );
}

function tailSentence(rate: number, metric: Metric): string {
  return (
    `An attacker who accepts ${priceOf(rate)} correctly names ` +
    `${percentWithInterval(metric)} of the training records; guessing would name ${percent(rate)}.`
  );
}

/** The false-positive rate in words; an outsider is somebody whose record was not used in training. */
function priceOf(rate: number): string {
  const odds = oneIn(rate);
  return odds.startsWith('1 in ')
    ? `one false accusation per ${odds.slice('1 in '.length)} outsiders`
    : `false accusations of ${odds} of the outsiders`;
}

function aucSentence(metric: Metric): string {
  const reversed =
    metric.high !== null && metric.high < 0.5
      ? ' It ranks them the wrong way round, which no leak explains: check that members and non-members come from one distribution.'
      : '';
  return (
    'Shown one training record and one other, the attack ranks the training record higher in ' +
    `${percentWithInterval(metric)} of the cases; guessing: 50 % (AUC).${reversed}`
  );
}

function advise(level: Level): string[] {
  switch (level) {
    case 'high':
      return [
        'Do not release this model, or open it to people who should not learn who was in its training data, before this is reduced.',
        'Retrain with differential privacy (DP-SGD), the only defence here with a guarantee, and audit again.',
        'Meanwhile answer with the label only and limit queries; this slows the attack but does not remove the leak.',
      ];
    case 'moderate':
      return [
        'Decide whether being in the training data is itself sensitive (an illness, a debt); if so, treat this as high.',
        'Reduce over-fitting: stop training earlier, use more or augmented data, weight decay or dropout; then audit again.',
        'If that is not enough, retrain with differential privacy (DP-SGD).',
      ];
    case 'low':
      return [
        'Reduce over-fitting if the model is clearly more accurate on its training records than on others, and audit again.',
        'Run stronger attacks before relying on this: a weak attack bounds the leak from below only.',
      ];
    case 'inconclusive':
      return [
        'Audit again with more records, above all more non-members: records surely not used in training.',
      ];
    case 'none-found':
      return [
        'Run stronger attacks before relying on this, and audit again whenever the model is retrained.',
      ];
  }
}
