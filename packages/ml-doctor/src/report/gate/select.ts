/** Which results a rule of a policy is about, and why some attack is not among them. */

import { attackLabels } from '../labels.ts';
import type { Report, Result } from '../schema.ts';
import type { Selector } from './policy.ts';

export function selects({ attack, access, auxiliary, output }: Selector, result: Result): boolean {
  const { threatModel } = result;
  return (
    (attack === '*' ||
      attack === result.attack ||
      (attack.endsWith('/*') && result.attack.startsWith(attack.slice(0, -1)))) &&
    (access === undefined || access === threatModel.access) &&
    (auxiliary === undefined || auxiliary === threatModel.auxiliary) &&
    (output === undefined || output === threatModel.output)
  );
}

/** `membership/lira (black-box, shadow)`. */
export function selectorText({ attack, access, auxiliary, output }: Selector): string {
  const told = [access, auxiliary, output].filter((part) => part !== undefined);
  return `${attack}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
}

/** Why nothing was selected: a failed task that names the attack, else what the report has instead. */
export function absence({ attack }: Selector, report: Report): string {
  const stem = attack.replace(/\*$/, '');
  const hole = report.holes.find(({ task, blocked }) =>
    [task, ...blocked].some((label) => stem !== '' && label.includes(stem)),
  );
  if (hole !== undefined) return `it did not finish: ${hole.task} failed [${hole.code}], ${hole.message}`;
  const had = [...new Set(report.results.map((result) => result.attack))];
  if (had.length === 0) return 'the report has no attack at all';
  const sameName = report.results.find((result) => result.attack === attack);
  if (sameName !== undefined) {
    const { access, auxiliary, output } = sameName.threatModel;
    return `the report has it with ${access}, ${auxiliary}, ${output} only`;
  }
  return `the report has none; it has ${had.join(', ')}`;
}

/** Names of the results of a report, what tells equal names apart among them. */
export function namesIn(report: Report): (result: Result) => string {
  const labelOf = attackLabels(report.results);
  const several = new Set(report.results.map(({ seed }) => seed)).size > 1;
  return (result) => `${labelOf(result)}${several ? `, seed ${result.seed}` : ''}`;
}
