/** The report as a whole: its worst finding, and what its reader should do next. */

import { byTable, type Family, familyOf, tableOf } from '../family.ts';
import { chanceOf, plural } from '../format.ts';
import { ONE_RUN } from '../privacy.ts';
import type { Level, Report, Result, Verdict } from '../schema.ts';
import { greatestLow, lowOf } from './attribute-grade.ts';
import { levelRank } from './verdict.ts';

/** One line per family and level; `none-found` does not say "safe", because an audit bounds a leak from below only. */
export const LEVEL_HEADLINE: Readonly<Record<Family, Readonly<Record<Level, string>>>> = {
  membership: {
    high: 'Training records can be identified',
    moderate: 'Some training records can be identified',
    low: 'The model gives away a little about its training records',
    inconclusive: 'Too few records to tell',
    'none-found': 'No leak found by these attacks',
  },
  inversion: {
    high: 'Reconstructions show training records',
    moderate: 'Reconstructions resemble training records',
    low: 'Reconstructions show a little of what the model learnt',
    inconclusive: 'Too little to tell what reconstructions show',
    'none-found': 'No leak found by these attacks',
  },
  attribute: {
    high: 'The model gives away a hidden attribute of people',
    moderate: 'The model gives away something of a hidden attribute of people',
    low: 'The model gives away a little of a hidden attribute of people',
    inconclusive: 'Too few records to tell whether a hidden attribute is given away',
    'none-found': 'No leak found by these attacks',
  },
  stealing: {
    high: 'The model can be copied by asking it',
    moderate: 'Much of the model can be copied by asking it',
    low: 'Asking the model makes a copy a little better',
    inconclusive: 'Too few records to tell whether the model can be copied',
    'none-found': 'No leak found by these attacks',
  },
};

export const LEVEL_NAME: Readonly<Record<Level, string>> = {
  high: 'High',
  moderate: 'Moderate',
  low: 'Low',
  inconclusive: 'Inconclusive',
  'none-found': 'None found',
};

/** The finding in one line: that of its family and level, unless the split is at fault. */
export function headlineOf(result: Pick<Result, 'attack' | 'verdict'>): string {
  const { level, reason, finding } = result.verdict;
  if (reason !== undefined) return 'The split is shifted: these figures are no evidence of a leak';
  if (result.attack === ONE_RUN) return ONE_RUN_HEADLINE[level];
  return finding === 'correlation' ? CORRELATION_HEADLINE : LEVEL_HEADLINE[familyOf(result)][level];
}

/** An audit speaks of how models are trained, and is `high` only where a claim is refuted. */
const ONE_RUN_HEADLINE: Readonly<Record<Level, string>> = {
  high: 'The training is not as private as claimed',
  moderate: 'The training keeps much of records that stand out',
  low: 'The training keeps something of records that stand out',
  inconclusive: 'Too few guesses to tell how private the training is',
  'none-found': 'Nothing found against the claimed privacy',
};

/** Nothing found, though a hidden attribute is guessed well: that must not read as news of the model. */
export const CORRELATION_HEADLINE = 'No leak found: a hidden attribute is guessed as well without the model';

/** Whose attribute is learnt, in few words. */
export const FINDING_NAME: Readonly<Record<NonNullable<Verdict['finding']>, string>> = {
  correlation: 'correlation',
  population: 'population',
  'training-records': 'members',
};

/** The level in a word or two: that a sample is too small and that a split is shifted are not the same news. */
export function findingName({ level, reason }: Pick<Verdict, 'level' | 'reason'>): string {
  return reason === undefined ? LEVEL_NAME[level] : 'Split shifted';
}

/** What one attack came to, as far as its severity goes. */
export interface Finding {
  readonly attack: string;
  readonly level: Level;
  readonly metrics: Result['metrics'];
}

/**
 * For sorting, the most worrying first; among equals by the lower bound above chance at 1 % FPR, then of AUC, then of the
 * share of reconstructions with a member nearest. What is left equal has membership before inversion, which alone has a
 * judge, and inversions by the judge's accuracy. Attribute attacks come after these, by how much more members lose, then
 * by the gain over a guess without the model: their AUC is that of an attribute. Stolen copies come last, which expose
 * nobody by themselves, by their agreement, then by how far that goes from the best baseline to full agreement. A refuted
 * claim of privacy comes before everything; what else an audit of the training says, after the attacks on the model.
 */
export function compareSeverity(a: Finding, b: Finding): number {
  const bound = ({ metrics }: Finding, name: string) =>
    Math.max(chanceOf(name) ?? 0, metrics[name]?.low ?? 0);
  const kind = lateness(a);
  const order = levelRank(b.level) - levelRank(a.level) || kind - lateness(b);
  if (order !== 0) return order;
  if (kind === LATE.stealing)
    return (
      copied(b, 'agreement') - copied(a, 'agreement') ||
      copied(b, 'agreementSkill') - copied(a, 'agreementSkill')
    );
  if (kind === LATE.attribute)
    return gained(b, 'beyond') - gained(a, 'beyond') || gained(b, 'gain') - gained(a, 'gain');
  if (a.attack === ONE_RUN && b.attack === ONE_RUN)
    return lowOf(b.metrics.epsilonLowerBound) - lowOf(a.metrics.epsilonLowerBound);
  return (
    bound(b, 'tprAtFpr0.01') - bound(a, 'tprAtFpr0.01') ||
    bound(b, 'auc') - bound(a, 'auc') ||
    closest(b) - closest(a) ||
    recognised(b) - recognised(a)
  );
}

/** Families whose figures are not to be held against those of others. */
const LATE: Readonly<Record<Family, number>> = { membership: 0, inversion: 0, attribute: 1, stealing: 2 };

function lateness(finding: Finding): number {
  if (finding.attack === ONE_RUN) return finding.level === 'high' ? -1 : 0.5;
  return LATE[familyOf(finding)];
}

function copied({ metrics }: Finding, name: string): number {
  return Math.max(0, lowOf(metrics[name]));
}

function gained({ metrics }: Finding, part: 'gain' | 'beyond'): number {
  return Math.max(0, greatestLow(metrics, part));
}

function closest({ metrics }: Finding): number {
  return Math.max(0.5, metrics.memberCloser?.low ?? 0, metrics.memberCloserFeatures?.low ?? 0);
}

function recognised({ metrics }: Finding): number {
  return metrics.judgeAccuracy === undefined ? 1 : (metrics.judgeAccuracy.low ?? 0);
}

/** In the order of {@link compareSeverity}. */
export function bySeverity(results: readonly Result[]): Result[] {
  const finding = ({ attack, verdict, metrics }: Result): Finding => ({
    ...{ attack, level: verdict.level, metrics },
  });
  return [...results].sort((a, b) => compareSeverity(finding(a), finding(b)));
}

/** The result that speaks for the report; undefined without results. */
export function worstResult(report: Report): Result | undefined {
  return bySeverity(report.results)[0];
}

/** Training accuracy less test accuracy, the usual cause of a membership leak; undefined when either is unknown. */
export function generalisationGap({ target }: Report): number | undefined {
  if (target.trainAccuracy === null || target.testAccuracy === null) return undefined;
  return target.trainAccuracy.value - target.testAccuracy.value;
}

/** Advice for the whole report: first about holes, then the worst result's own, then that of other families and findings that leak, audits of the training being a family of their own. */
export function nextSteps(report: Report): string[] {
  const failed = report.holes.length;
  const repair =
    failed === 0
      ? []
      : [`${plural(failed, 'task')} failed: see what is missing above, repair it and run again.`];
  const [worst] = bySeverity(report.results);
  const others = byTable(bySeverity(report.results), tableOf)
    .flatMap(({ items }) => firstOfEach(items, ({ verdict }) => verdict.finding))
    .filter((result) => result !== worst && levelRank(result.verdict.level) >= levelRank('low'));
  const advice = [...(worst === undefined ? [] : [worst]), ...others].flatMap(
    ({ verdict }) => verdict.advice,
  );
  return [...new Set([...repair, ...advice])];
}

function firstOfEach<T>(items: readonly T[], keyOf: (item: T) => unknown): T[] {
  const keys = items.map(keyOf);
  return items.filter((_, i) => keys.indexOf(keys[i]) === i);
}
