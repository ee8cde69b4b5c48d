/** The first screen in words: for each family of attacks one sentence with the figure that carries its finding. */

import { bestBaseline } from '../best-baseline.ts';
import { byTable, type Table, tableOf } from '../family.ts';
import { formatMetric, grouped, holdsAudited, percent, plural, queryCount, tailRate } from '../format.ts';
import { atLeast } from '../privacy.ts';
import type { Metric, Report, Result, ThreatModel } from '../schema.ts';
import { IMPUTATION, measureOf } from './attribute-grade.ts';
import { type Carrier, carrierOf, countOf, tellingTail } from './carrier.ts';
import { bySeverity } from './overall.ts';
import { RESOLVED_FALSE_ALARMS } from './verdict.ts';

/** The rate at which the few who are most exposed show; it takes many records to measure there. */
const FINE_RATE = 0.001;

export interface Headline {
  readonly table: Table;
  /** The strongest of its family, by the rule of the verdict. */
  readonly result: Result;
  readonly sentence: string;
  /** That it is the strongest of several, and what follows from that for its interval. */
  readonly choice: string;
}

/** Audits of the training stand apart from attacks on the model, as everywhere. */
export function headlinesOf({ results }: Pick<Report, 'results'>): Headline[] {
  const inversions = countOf(results, 'inversion');
  return byTable(bySeverity(results), tableOf).flatMap(({ table, items }) => {
    const [result] = items;
    if (result === undefined) return [];
    const sentence = `${result.verdict.reason === undefined ? '' : SHIFTED}${SENTENCE[table](result, inversions)}`;
    return [{ table, result, sentence, choice: choiceText(items.length, table) }];
  });
}

const SHIFTED = 'The split is shifted, so this is no evidence of a leak; at face value: ';

function choiceText(count: number, table: Table): string {
  const kind = KIND[table];
  if (count === 1) return `The only ${kind} of this audit.`;
  return `The strongest of ${count} ${kind}s, by the lower ends of their intervals; its interval is for it alone, and the largest of ${count} figures is too large by chance more often than one alone.`;
}

const KIND: Readonly<Record<Table, string>> = {
  membership: 'membership attack',
  audit: 'audit of the training',
  inversion: 'inversion attack',
  attribute: 'attribute attack',
  stealing: 'stealing attack',
};

const SENTENCE: Readonly<Record<Table, (result: Result, inversions: number) => string>> = {
  membership,
  audit,
  inversion,
  attribute,
  stealing,
};

function membership(result: Result): string {
  const carrier = carrierOf(result);
  const who = attackerText(result);
  if (carrier === undefined) return `${who} was tried, but none of its headline figures was measured.`;
  if (tailRate(carrier.name) !== undefined)
    return `${who} ${tailText(carrier)}.${finerText(carrier, result)}`;
  const told =
    carrier.name === 'auc'
      ? `ranks a training record above another in ${bracketed('auc', carrier.metric)} of the cases (AUC); guessing does in 50 %`
      : `tells training records from others rightly in ${bracketed(carrier.name, carrier.metric)} of the cases; guessing does in 50 %`;
  const tail = tellingTail(result);
  return `${who} ${told}.${tail === undefined ? '' : ` The same attacker ${tailText(tail)}.${finerText(tail, result)}`}`;
}

/** What a coarser rate than {@link FINE_RATE} leaves open there: the figure, or why there is none. */
function finerText({ name }: Carrier, { metrics, records }: Result): string {
  const rate = tailRate(name);
  if (rate === undefined || rate <= FINE_RATE) return '';
  const fine = metrics[`tprAtFpr${FINE_RATE}`];
  const alarms = Math.floor(records.nonMembers * FINE_RATE + 1e-9);
  if (alarms >= RESOLVED_FALSE_ALARMS)
    return fine === undefined
      ? ''
      : ` While wrongly accusing ${percent(FINE_RATE)}, it finds ${bracketed(`tprAtFpr${FINE_RATE}`, fine)}.`;
  const allowed = alarms === 0 ? 'not one false accusation' : `only ${plural(alarms, 'false accusation')}`;
  const verb = records.nonMembers === 1 ? 'allows' : 'allow';
  return ` That is said of ${percent(rate)} and not of ${percent(FINE_RATE)}, where ${plural(records.nonMembers, 'non-member')} ${verb} ${allowed}; it takes ${grouped(RESOLVED_FALSE_ALARMS / FINE_RATE)} or more to measure there.`;
}

function tailText({ name, metric }: Carrier): string {
  const rate = percent(tailRate(name) as number);
  return `finds ${bracketed(name, metric)} of your training records while wrongly accusing ${rate} of others; guessing finds ${rate}`;
}

function audit(result: Result): string {
  const { epsilonLowerBound: bound, epsilonReach: reach, guessAccuracy: right } = result.metrics;
  const guessed =
    right === undefined
      ? ''
      : `, as ${percent(right.value)} of the guesses who was in were right (chance: 50 %)`;
  const could = reach === undefined ? '' : `; this audit could have shown ${atLeast(reach.value)}`;
  return bound === undefined
    ? 'The training was audited, but no bound was measured.'
    : `With 95 % confidence, the epsilon of your training is at least ${atLeast(bound.value)} at delta ${String(result.params['delta'])}${guessed}${could}.`;
}

function inversion(result: Result, inversions: number): string {
  const carrier = carrierOf(result, inversions);
  const who = attackerText(result);
  const made = result.reconstructions;
  const makes = `${who} makes ${made === undefined ? 'records' : plural(made.count, 'record')} through it`;
  if (carrier === undefined) return `${makes}, but whether they show anything was not measured.`;
  const figure = bracketed(carrier.name, carrier.metric);
  if (carrier.name !== 'judgeAccuracy')
    return `${makes}; for ${figure} of them the nearest record is one of your training records, and for somebody who learns nothing it would be for 50 %.`;
  const best = bestBaseline(result.baselines);
  const without =
    best !== undefined
      ? `; without the attack (${best.name}) it is ${percent(best.metric.value)}`
      : carrier.without === undefined
        ? ''
        : `; guessing reaches ${percent(carrier.without)}`;
  return `${makes}, and an independent classifier recognises ${figure} of them as the class asked for${without}.`;
}

function attribute(result: Result): string {
  const who = attackerText(result);
  const name = `“${result.attribute?.name ?? 'the attribute'}”`;
  const measure = measureOf(result);
  const [figure, carrier] = [result.metrics[measure.figure], carrierOf(result)];
  const imputed = result.baselines.find((one) => one.name === IMPUTATION)?.metrics[measure.figure];
  const gain =
    carrier &&
    `${carrier.name.startsWith('member') ? 'beyond what the model adds for others, it adds for members' : 'the model adds'} ${bracketed(carrier.name, carrier.metric)}`;
  if (figure === undefined)
    return `${who} guesses ${name} of people in your training data${gain ? `: ${gain}` : ''}.`;
  const found = bracketed(measure.figure, figure);
  const without = imputed && formatMetric(measure.figure, imputed).value;
  const guesses =
    measure.figure === 'accuracy'
      ? `guesses ${name} right for ${found} of people in your training data`
      : `is off by ${found} on average in guessing ${name} of people in your training data`;
  return `${who} ${guesses}${without === undefined ? '' : `; without your model it would be ${without}`}${gain ? ` (${gain})` : ''}.`;
}

function stealing(result: Result): string {
  const carrier = carrierOf(result);
  const queries = carrier?.queries ?? result.curves.budget?.at(-1)?.queries ?? result.queries;
  const who = `${attackerText(result)}, with ${queryCount(queries)},`;
  if (carrier === undefined) return `${who} trains a copy, but how often it agrees was not measured.`;
  const best = bestBaseline(result.baselines, 'agreement');
  const without = best === undefined ? '' : `; ${best.name}, it is ${percent(best.metric.value)}`;
  return `${who} gets a copy that answers as your model does for ${bracketed('agreement', carrier.metric)} of new records${without}.`;
}

/** `An attacker with similar data who can query your model`. */
export function attackerText(result: Pick<Result, 'threatModel' | 'references' | 'through'>): string {
  const { threatModel, references, through } = result;
  const data = holdsAudited(references) ? HOLDS_RECORDS : DATA[threatModel.auxiliary];
  const does =
    through === undefined
      ? `who ${ACCESS[threatModel.access]}${OUTPUT[threatModel.output]}`
      : `who has stolen a copy with ${queryCount(through.queries)}`;
  return `An attacker${data} ${does}`;
}

const HOLDS_RECORDS = ' who holds the audited records and';

const DATA: Readonly<Record<ThreatModel['auxiliary'], string>> = {
  none: ' without data of the kind',
  shadow: ' with similar data',
  partial: ' with some of your training records',
  other: ' with data of another kind',
};

const ACCESS: Readonly<Record<ThreatModel['access'], string>> = {
  'black-box': 'can query your model',
  'white-box': 'has your model file',
};

const OUTPUT: Readonly<Record<ThreatModel['output'], string>> = {
  label: ' and sees labels only',
  top1: ' and sees the top answer only',
  topK: ' and sees the top answers only',
  posteriors: '',
  loss: ' and sees the loss of each answer',
};

/** `4.2 % [3.1, 5.4]`, in the metric's own form; `no interval` where there is none. */
export function bracketed(name: string, metric: Metric): string {
  const share = name === 'auc' ? 'accuracy' : name;
  const { value } = formatMetric(share, metric);
  const end = (limit: number) =>
    formatMetric(share, { ...metric, value: limit, low: null, high: null }).value.replace(/ (%|points)$/, '');
  const { low, high } = metric;
  if (low === null && high === null) return `${value} (no interval)`;
  if (low === null) return `${value} (at most ${end(high as number)})`;
  if (high === null) return `${value} (at least ${end(low)})`;
  return `${value} [${end(low)}, ${end(high)}]`;
}
