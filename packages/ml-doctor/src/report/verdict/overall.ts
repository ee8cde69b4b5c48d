/** The report as a whole: its worst finding, its title, and what its reader should do next. */

import { chanceOf, plural } from '../format.ts';
import type { Level, Report, Result } from '../schema.ts';
import { levelRank } from './verdict.ts';

/** One line per level; `none-found` does not say "safe", because an audit bounds a leak from below only. */
export const LEVEL_HEADLINE: Readonly<Record<Level, string>> = {
  high: 'Training records can be identified',
  moderate: 'Some training records can be identified',
  low: 'The model gives away a little about its training records',
  inconclusive: 'Too few records to tell',
  'none-found': 'No leak found by these attacks',
};

export const LEVEL_NAME: Readonly<Record<Level, string>> = {
  high: 'High',
  moderate: 'Moderate',
  low: 'Low',
  inconclusive: 'Inconclusive',
  'none-found': 'None found',
};

export function reportTitle(report: Report): string {
  return `${report.target.name} on ${report.data.id}`;
}

/** The most worrying first; among equals by the lower bound above chance at 1 % FPR, then of AUC. */
export function bySeverity(results: readonly Result[]): Result[] {
  const bound = (result: Result, name: string) =>
    Math.max(chanceOf(name) ?? 0, result.metrics[name]?.low ?? 0);
  return [...results].sort(
    (a, b) =>
      levelRank(b.verdict.level) - levelRank(a.verdict.level) ||
      bound(b, 'tprAtFpr0.01') - bound(a, 'tprAtFpr0.01') ||
      bound(b, 'auc') - bound(a, 'auc'),
  );
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

/** Advice for the whole report: first about holes, then the worst result's own. */
export function nextSteps(report: Report): string[] {
  const failed = report.holes.length;
  const repair =
    failed === 0
      ? []
      : [`${plural(failed, 'task')} failed: see what is missing above, repair it and run again.`];
  return [...repair, ...(worstResult(report)?.verdict.advice ?? [])];
}
