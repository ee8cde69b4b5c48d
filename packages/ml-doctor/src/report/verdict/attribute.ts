/**
 * What an attribute-inference attack's metrics mean for the owner of the model: a correlation that any model would
 * show, leakage of the population, or leakage of training records.
 *
 * Grades confidence bounds only. That an attack is often right proves nothing: what somebody without the model guesses,
 * who knows as much otherwise, has to be taken off first (Jayaraman and Evans, CCS 2022).
 */

import { percent } from '../format.ts';
import type { Metric, Result, Verdict } from '../schema.ts';
import { advise } from './attribute-advice.ts';
import {
  type Baselines,
  findingOf,
  levelOf,
  MEASURES,
  type Metrics,
  NON_MEMBERS,
  showsGain,
} from './attribute-grade.ts';
import { doubts, figureFacts, fromRecordFacts, type Named, opening } from './attribute-words.ts';

/**
 * Grades one attribute attack, by G, its gain over the imputation on members, and D, what is left of it when its
 * gain on non-members, if any, is taken off; each by the greatest lower end over accuracy, AUC and, where values have an order, error reduction.
 *
 * | level | when |
 * | --- | --- |
 * | high | G ≥ .25; or D ≥ .1 and G > 0 |
 * | moderate | G ≥ .1; or D ≥ .02 and G > 0 |
 * | low | G > 0 |
 * | none-found | none of these, and the upper ends of all G and D exclude .1 |
 * | inconclusive | none of these, but there is room |
 *
 * The finding is `training-records` where D > 0 and G > 0, `population` where G > 0 alone, and `correlation` where nothing is
 * found, but the attack beats the commonest value (or the median) at the lower end of one measure, and falls behind it by none. D is no greater than G but for ends of a
 * bootstrap, and AUCs over other categories; where such make D > 0 alone, nothing is shown.
 *
 * Each bound of a two-sided 95 % interval is wrong by chance once in 40 times, so a model that gives nothing away is
 * called `low` about that often per measure.
 *
 * @param records that the attack was judged on
 */
export function attributeVerdict(
  metrics: Metrics,
  baselines: Baselines,
  records: Result['records'],
  attribute: Named,
): Verdict {
  const level = levelOf(metrics);
  const finding = findingOf(metrics, baselines);
  const parts = [
    opening(level, finding, metrics, attribute),
    ...figureFacts(metrics, baselines, records, attribute),
    ...fromRecordFacts(metrics, baselines, attribute),
    ...(level === 'inconclusive' ? doubts(metrics, records) : []),
  ];
  return {
    level,
    ...(finding !== undefined && { finding }),
    sentence: parts.join(' '),
    advice: advise(level, finding, attribute),
  };
}

/**
 * The verdict where members and non-members differ without any model: what rests on guessing better of one than of the
 * other falls away, and with it whose attribute it is; the gain over the imputation stands, as both guess the same
 * records.
 *
 * @param auc of a classifier that saw inputs and labels only
 * @param found what {@link attributeVerdict} is given
 */
export function shiftedAttribute(auc: Metric, ...found: Parameters<typeof attributeVerdict>): Verdict {
  const [metrics, baselines, records, attribute] = found;
  const split =
    `The split is shifted: without the model, by inputs and labels alone, members rank above non-members in ${percent(auc.value)} of the cases. ` +
    'So whether training records are guessed better than others says nothing about the model.';
  const advice =
    'Take members and non-members from one source at random (same time, same filters, same preprocessing), and audit again.';
  if (showsGain(metrics)) {
    const onMembers = withoutComparison(metrics);
    const level = levelOf(onMembers);
    const parts = [
      `This attack learns “${attribute.name}” from the model; whether of training records or of anybody cannot be told.`,
      ...figureFacts(
        onMembers,
        baselines.filter(({ name }) => name !== NON_MEMBERS),
        records,
        attribute,
      ),
      ...fromRecordFacts(onMembers, baselines, attribute),
      split,
    ];
    return {
      level,
      sentence: parts.join(' '),
      advice: [...advise(level, undefined, attribute), advice],
    };
  }
  const { sentence } = attributeVerdict(...found);
  return {
    level: 'inconclusive',
    reason: 'shifted-split',
    sentence: `${split} Taken at face value the figures would read: ${sentence}`,
    advice: [advice],
  };
}

function withoutComparison(metrics: Metrics): Metrics {
  const beyond: readonly string[] = MEASURES.map((measure) => measure.beyond);
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !beyond.includes(name)));
}
