/** Numbers and names as a reader wants them; used alike by the page, the terminal and the verdict. */

import { atLeast } from './privacy.ts';
import type {
  Attribute,
  BudgetPoint,
  Copy,
  Generator,
  Metric,
  References,
  Result,
  ThreatModel,
} from './schema.ts';

const TAIL = /^tprAtFpr(0?\.\d+|1)$/;
const TOP = /^ppvTop([1-9]\d*)$/;

const METRIC_LABELS: Readonly<Record<string, string>> = {
  auc: 'AUC',
  accuracy: 'Accuracy',
  balancedAccuracy: 'Balanced accuracy',
  bestBalancedAccuracy: 'Best balanced accuracy (hindsight)',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  epsilonLowerBound: 'Epsilon, at least',
  epsilonReach: 'Epsilon, the most that could be shown',
  guessAccuracy: 'Right guesses',
  canaryAuc: 'AUC on the canaries, of another model',
  judgeAccuracy: 'Judge accuracy',
  judgeTop5Accuracy: 'Judge accuracy, top 5',
  judgeMacroF1: 'Judge macro-F1',
  judgeOwnAccuracy: 'Accuracy of the judge itself',
  judgeAccuracyGain: 'Gain in judge accuracy',
  targetConfidence: 'Confidence of the model',
  mse: 'MSE to the class mean, values in [0, 1]',
  mseNormalised: 'MSE to the class mean, normalised values',
  ssimClassMean: 'SSIM to the class mean',
  ssimNearestMember: 'SSIM to the nearest member',
  ssimNearestNonMember: 'SSIM to the nearest non-member',
  nearestMemberDistance: 'Distance to the nearest member',
  nearestNonMemberDistance: 'Distance to the nearest non-member',
  nearestMemberFeatureDistance: 'Distance to the nearest member, by features',
  nearestNonMemberFeatureDistance: 'Distance to the nearest non-member, by features',
  memberCloser: 'Member closer',
  memberCloserFeatures: 'Member closer, by features',
  memberCloserP: 'Member closer, p-value',
  memberCloserFeaturesP: 'Member closer, by features, p-value',
  diversity: 'Diversity of reconstructions',
  macroF1: 'Macro-F1',
  meanAbsoluteError: 'Mean absolute error',
  accuracyGain: 'Gain in accuracy',
  aucGain: 'Gain in AUC',
  errorReduction: 'Error reduction',
  memberAccuracyGain: 'Members beyond others, accuracy',
  memberAucGain: 'Members beyond others, AUC',
  memberErrorReduction: 'Members beyond others, error reduction',
  agreement: 'Agreement with the model',
  agreementGain: 'Gain in agreement',
  agreementSkill: 'Way to full agreement',
  agreementOnErrors: 'Agreement where the model errs',
  targetAccuracy: 'Accuracy of the model',
  klDivergence: 'KL divergence, nats',
};

/** What a metric is called in a table; an unknown name is its own label. */
export function metricLabel(name: string): string {
  const rate = tailRate(name);
  if (rate !== undefined) return `TPR at ${percent(rate)} FPR`;
  const top = TOP.exec(name)?.[1];
  return top === undefined ? (METRIC_LABELS[name] ?? name) : `Right of the ${top} surest`;
}

/** The false-positive rate a metric such as `tprAtFpr0.01` is taken at; undefined for other metrics. */
export function tailRate(name: string): number | undefined {
  const rate = Number(TAIL.exec(name)?.[1]);
  return rate > 0 ? rate : undefined;
}

/**
 * The value of a metric for a guesser; undefined where there is none.
 *
 * @param classes that an attacker who makes records of classes was asked for
 */
export function chanceOf(name: string, classes?: number): number | undefined {
  if (HALF_BY_CHANCE.has(name)) return 0.5;
  if (Object.hasOwn(GAINS, name)) return 0;
  if (classes !== undefined && name === 'judgeAccuracy') return 1 / classes;
  if (classes !== undefined && name === 'judgeTop5Accuracy') return Math.min(1, 5 / classes);
  return tailRate(name);
}

/** Over what does without the model or without an attack, by the unit of the difference. */
const GAINS: Readonly<Record<string, 'points' | 'percent' | 'number'>> = {
  accuracyGain: 'points',
  memberAccuracyGain: 'points',
  aucGain: 'number',
  memberAucGain: 'number',
  errorReduction: 'percent',
  memberErrorReduction: 'points',
  agreementGain: 'points',
  agreementSkill: 'percent',
};

const HALF_BY_CHANCE = new Set(['auc', 'balancedAccuracy', 'memberCloser', 'memberCloserFeatures']);

/** A share as a percentage with one decimal, two digits below 1 %; never rounded to 0 % or 100 % unless it is. */
export function percent(share: number): string {
  const value = share * 100;
  if (share > 0 && value < 0.01) return 'under 0.01 %';
  if (share < 1 && value > 99.9) return 'over 99.9 %';
  const digits = value > 0 && value < 0.995 ? Number(value.toPrecision(2)) : Number(value.toFixed(1));
  return `${digits} %`;
}

/** A share with its interval: `8 % (5 % to 12 %)`. */
export function percentWithInterval({ value, low, high }: Metric): string {
  if (low === null && high === null) return percent(value);
  if (low === null) return `${percent(value)} (at most ${percent(high!)})`;
  if (high === null) return `${percent(value)} (at least ${percent(low)})`;
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

/** A difference of shares: `+12.3 points`; one that rounds to nothing has no sign. */
export function points(difference: number): string {
  return `${signedPoints(difference)} points`;
}

function signedPoints(difference: number): string {
  return signed(difference * 100, 1);
}

/** A difference that rounds to nothing has no sign. */
export function signed(difference: number, digits: number): string {
  const size = Math.abs(difference).toFixed(digits);
  return `${Number(size) === 0 ? '±' : difference < 0 ? '−' : '+'}${size}`;
}

/** A number in the units of some data, with three digits or all before the point: `0.0123`, `5.31`, `12,500`. */
export function quantity(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return `${value < 0 ? '−' : ''}${grouped(Math.round(size))}`;
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

/** A metric in its own customary form: rates and accuracies as percentages, AUC and the rest as numbers. */
export function formatMetric(name: string, metric: Metric): { value: string; interval: string } {
  const print = printerOf(name);
  const limit = inPoints(name) || GAINS[name] === 'percent' ? signedPoints : print;
  const { value, low, high } = metric;
  const interval =
    low === null && high === null
      ? 'no interval'
      : low === null
        ? `up to ${limit(high!)}`
        : high === null
          ? `from ${limit(low)}`
          : `${limit(low)} to ${limit(high)}`;
  return { value: print(value), interval };
}

function printerOf(name: string): (value: number) => string {
  if (isShare(name)) return percent;
  if (inPoints(name)) return points;
  if (GAINS[name] === 'number') return (value) => signed(value, 3);
  if (GAINS[name] === 'percent') return (value) => `${signed(value * 100, 1)} %`;
  if (name === 'meanAbsoluteError') return quantity;
  if (name === 'epsilonLowerBound' || name === 'epsilonReach') return (value) => atLeast(value);
  if (isPValue(name)) return (value) => (value < 0.001 ? 'under 0.001' : value.toFixed(3));
  if (MAYBE_TINY.test(name))
    return (value) => (value > 0 && value < 0.01 ? String(Number(value.toPrecision(2))) : value.toFixed(3));
  return (value) => value.toFixed(3);
}

/** Errors, distances and divergences, whose third decimal may be all there is. */
const MAYBE_TINY = /^(mse|nearest|kl)/;

/** Whether it compares an attack with something else, and is no figure of the attack alone. */
export function isGain(name: string): boolean {
  return name === 'judgeAccuracyGain' || Object.hasOwn(GAINS, name);
}

function inPoints(name: string): boolean {
  return name === 'judgeAccuracyGain' || GAINS[name] === 'points';
}

function isPValue(name: string): boolean {
  return name === 'memberCloserP' || name === 'memberCloserFeaturesP';
}

function isShare(name: string): boolean {
  return tailRate(name) !== undefined || TOP.test(name) || /accuracy$/i.test(name) || SHARES.has(name);
}

const SHARES = new Set([
  ...['precision', 'recall', 'agreement', 'agreementOnErrors'],
  ...['targetConfidence', 'memberCloser', 'memberCloserFeatures'],
]);

/** `1 in 100` for .01; rates that are no unit fraction stay percentages. */
export function oneIn(rate: number): string {
  const every = 1 / rate;
  const whole = Math.round(every);
  return Math.abs(every - whole) < 1e-6 * every ? `1 in ${grouped(whole)}` : percent(rate);
}

/** 25000 as `25,000`, the same on every machine. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 record`, `2 records`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1 query`, `5,000 queries`. */
export function queryCount(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'query' : 'queries'}`;
}

/** `cost 5 at the price given and take 1 h 23 min at the rate given`; undefined where neither is given. */
export function costText({ cost, seconds }: Pick<BudgetPoint, 'cost' | 'seconds'>): string | undefined {
  const parts = [
    ...(cost === null ? [] : [`cost ${quantity(cost)} at the price given`]),
    ...(seconds === null ? [] : [`take ${duration(seconds)} at the rate given`]),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

/** The text with a full stop, unless it ends in a mark of its own. */
export function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** 95 as `1 min 35 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** What the attacker may do and has, as one sentence without a full stop. */
export function describeThreatModel(
  { access, auxiliary, output }: ThreatModel,
  references: References,
  {
    generator,
    attribute,
    copy,
    through,
  }: Partial<Pick<Result, 'generator' | 'attribute' | 'copy' | 'through'>> = {},
): string {
  const nothingElse = [generator, attribute, copy, through].every((one) => one === undefined);
  const trains = [
    ...(through === undefined ? [] : ['holds a copy that it stole']),
    ...(nothingElse || references.count > 0 ? [describeReferences(references)] : []),
    ...(generator === undefined ? [] : [describeGenerator(generator, auxiliary)]),
    ...(attribute === undefined ? [] : [describeKnown(attribute)]),
    ...(copy === undefined ? [] : [`trains a copy on answers about ${describePool(copy)}`]),
  ];
  return [ACCESS[access], OUTPUT[output], AUXILIARY[auxiliary], ...trains].join('; ');
}

/** `trains a generator on 5,000 records of other data of the same kind (40 epochs)`. */
function describeGenerator(
  { auxiliaryRecords, epochs, guided }: Generator,
  auxiliary: ThreatModel['auxiliary'],
): string {
  const kind = {
    none: 'its own data',
    shadow: 'other data of the same kind',
    partial: 'data that holds some of the training records',
    other: 'data of another kind',
  }[auxiliary];
  const by = guided ? ', chosen and labelled by the model' : '';
  return `trains a generator on ${plural(auxiliaryRecords, 'record')} of ${kind}${by} (${plural(epochs, 'epoch')})`;
}

/** `knows the attribute of 5,000 records`. */
function describeKnown({ auxiliaryRecords }: Attribute): string {
  const known = auxiliaryRecords === 0 ? 'no record' : plural(auxiliaryRecords, 'record');
  return `knows the attribute of ${known}`;
}

/** `other data of the same kind (5,000 records to choose from)`. */
export function describePool({ pool, poolRecords }: Copy): string {
  const choice = poolRecords === null ? '' : ` (${plural(poolRecords, 'record')} to choose from)`;
  return `${ASKED[pool] ?? pool}${choice}`;
}

/** What the attacker asks about; other names are those of data sets. */
const ASKED: Readonly<Record<string, string>> = {
  shadow: 'other data of the same kind',
  partial: 'half of the training records',
  uniform: 'random inputs',
  generator: 'what a generator makes up',
};

/** `trains 4 models on other data of the same kind`. */
export function describeReferences({ count, pool }: References): string {
  return count === 0 ? 'trains no models' : `trains ${plural(count, 'model')} on ${POOL[pool]}`;
}

/** Whether the attacker's models learnt from the very records whose membership is asked about. */
export function holdsAudited({ count, pool }: References): boolean {
  return count > 0 && pool === 'with-candidates';
}

/** What {@link holdsAudited} means, for a note below a table. */
export const STRONGER_ATTACKER =
  'on random halves that contain the audited records: a stronger attacker, who holds those records';

const POOL: Readonly<Record<References['pool'], string>> = {
  none: 'no data',
  disjoint: 'other data of the same kind',
  'with-candidates': STRONGER_ATTACKER.replace(/^on /, ''),
  other: 'another data set',
  synthetic: 'made-up records',
  canaries:
    'the training records, some of them in or out by the toss of a coin: an owner’s audit of the training',
};

const ACCESS: Readonly<Record<ThreatModel['access'], string>> = {
  'black-box': 'Black-box: asks the model and reads its answers',
  'white-box': 'White-box: has the model file with its weights',
};

const OUTPUT: Readonly<Record<ThreatModel['output'], string>> = {
  label: 'sees the predicted label',
  top1: 'sees the top class and its probability',
  topK: 'sees the top few classes and their probabilities',
  posteriors: 'sees the probability of every class',
  loss: 'sees the loss of the true label',
};

const AUXILIARY: Readonly<Record<ThreatModel['auxiliary'], string>> = {
  none: 'has no data of its own',
  shadow: 'has other data of the same kind',
  partial: 'knows some of the training records',
  other: 'has data of another kind',
};
