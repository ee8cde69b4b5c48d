/** What queries buy, in words: the sentences of the verdict on a stealing attack. */

import { bestBaseline } from '../best-baseline.ts';
import { costText, formatMetric, percent, percentWithInterval, plural, queryCount } from '../format.ts';
import type { BudgetPoint, Level, Result } from '../schema.ts';
import { lowOf } from './attribute-grade.ts';
import {
  AGREEMENT,
  type Baselines,
  COMMONEST,
  type Metrics,
  OWN_LABELS,
  RANDOM_INPUTS,
  ROOM,
} from './stealing-grade.ts';

export function opening(level: Level): string {
  return {
    high: 'A copy made from the model’s answers can stand in for it.',
    moderate: 'A copy made from the model’s answers comes near it.',
    low: 'Asking the model makes a copy a little better than what needs no such queries.',
    inconclusive: 'It cannot be told whether asking the model makes a copy better.',
    'none-found':
      'Asking the model makes a copy no better that can be measured; that is not proof of safety, as more queries or a stronger attack may.',
  }[level];
}

/** How often the copy agrees, and how often what it is held against would. */
export function copyFacts(
  { agreement, agreementGain, agreementSkill }: Metrics,
  baselines: Baselines,
  { nonMembers }: Result['records'],
  budget: readonly BudgetPoint[],
): string[] {
  if (agreement === undefined) return [];
  const { queries } = lastOf(budget);
  const best = bestBaseline(baselines, 'agreement');
  const gain = [
    ...(agreementGain === undefined ? [] : [`a gain of ${figure('agreementGain', agreementGain)}`]),
    ...(agreementSkill === undefined
      ? []
      : [`${figure('agreementSkill', agreementSkill)} of the way from there to full agreement`]),
  ].join(', ');
  return [
    `${queryCount(queries)} ${queries === 1 ? 'buys' : 'buy'} a copy that answers as the model does for ${percentWithInterval(agreement)} of ${plural(nonMembers, 'new record')}${
      best === undefined ? '' : `; ${instead(best.name, percent(best.metric.value))}`
    }${gain === '' ? '' : `: ${gain}`}.`,
  ];
}

/** That the best copy is not the last. */
export function earlierFacts(earlier: BudgetPoint | undefined, baselines: Baselines): string[] {
  if (earlier?.metrics.agreement === undefined) return [];
  const best = bestBaseline(baselines, 'agreement');
  return [
    `The best copy is not the last: after ${queryCount(earlier.queries)} one answered as the model does for ${percentWithInterval(earlier.metrics.agreement)}${
      best === undefined ? '' : `, where ${instead(best.name, percent(best.metric.value))}`
    }.`,
  ];
}

/** What comes of a baseline, to follow a semicolon. */
function instead(name: string, agreement: string): string {
  switch (name) {
    case OWN_LABELS:
      return `without asking it, as many records’ own labels would have given ${agreement}`;
    case RANDOM_INPUTS:
      return `as many queries about random inputs would have given ${agreement}`;
    case COMMONEST:
      return `always its commonest answer would have given ${agreement}`;
    default:
      return `what was ${name} would have given ${agreement}`;
  }
}

/** Whether the copy is as right as the model, and wrong where the model is. */
export function qualityFacts({ accuracy, targetAccuracy, agreementOnErrors }: Metrics): string[] {
  const right =
    accuracy === undefined
      ? []
      : [
          `The copy is right for ${percentWithInterval(accuracy)} of them${targetAccuracy === undefined ? '' : `, the model for ${percent(targetAccuracy.value)}`}.`,
        ];
  return agreementOnErrors === undefined
    ? right
    : [
        ...right,
        `Where the model errs, the copy gives the same wrong answer for ${percentWithInterval(agreementOnErrors)}.`,
      ];
}

/** What the queries cost, and how many of them would have done, where the last copy has the level. */
export function budgetFacts(
  level: Level | undefined,
  baselines: Baselines,
  budget: readonly BudgetPoint[],
): string[] {
  const last = lastOf(budget);
  const cost = costText(last);
  const enough = enoughQueries(level, baselines, budget);
  return [
    ...(cost === undefined ? [] : [`These queries ${cost}.`]),
    ...(enough === undefined
      ? []
      : [
          `${queryCount(enough.queries)} already ${enough.queries === 1 ? 'reaches' : 'reach'} ${percentWithInterval(enough.agreement)}.`,
        ]),
  ];
}

/** The first point before the last whose agreement is that of the level, and beyond the best baseline; undefined where there is none. */
export function enoughQueries(
  level: Level | undefined,
  baselines: Baselines,
  budget: readonly BudgetPoint[],
) {
  if (level !== 'high' && level !== 'moderate') return undefined;
  const beaten = bestBaseline(baselines, 'agreement')?.metric.value ?? 0;
  return budget
    .slice(0, -1)
    .flatMap(({ queries, metrics: { agreement } }) =>
      agreement !== undefined && lowOf(agreement) >= AGREEMENT[level] && lowOf(agreement) > beaten
        ? [{ queries, agreement }]
        : [],
    )[0];
}

/** Where records of the kind are all that it takes, little gained is no protection. */
export function easyTaskFacts(level: Level, baselines: Baselines): string[] {
  const best = bestBaseline(baselines, 'agreement');
  const easy = best?.name === OWN_LABELS && lowOf(best.metric) >= AGREEMENT.high;
  return easy && level !== 'high' && level !== 'moderate'
    ? ['Whoever has such records can train a model that answers alike without a query.']
    : [];
}

/** Why nothing could be told. */
export function doubts({ agreementGain }: Metrics, { nonMembers }: Result['records']): string[] {
  if (agreementGain === undefined)
    return ['How often a copy would agree that needs no such queries was not measured.'];
  return [`Judged on ${plural(nonMembers, 'record')}: too few to rule out a gain of ${ROOM * 100} points.`];
}

/** @throws Error starting `internal:` where nothing was bought */
export function lastOf(budget: readonly BudgetPoint[]): BudgetPoint {
  const last = budget.at(-1);
  if (last === undefined) throw new Error('internal: a stealing attack without a budget');
  return last;
}

function figure(name: string, metric: Metrics[string]): string {
  const { value, interval } = formatMetric(name, metric);
  return `${value} (${interval})`;
}
