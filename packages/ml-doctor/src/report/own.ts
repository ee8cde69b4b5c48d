/** Reports on models that were not trained here: what their records are called, and what was not run. */

import { percentWithInterval, plural } from './format.ts';
import type { Metric, Report } from './schema.ts';

/** Of a label and what stands beside it. */
export type Fact = readonly [label: string, text: string];

/** The records by their parts in the audit, with the model's accuracy on them, and where they come from. */
export function recordFacts({ target, data }: Pick<Report, 'target' | 'data'>): readonly Fact[] {
  const count = (role: string) => data.splits[role] ?? 0;
  const side = (role: string, accuracy: Metric | null): string =>
    `${plural(count(role), 'record')}, ${accuracy === null ? 'accuracy unknown' : `accuracy ${percentWithInterval(accuracy)}`}`;
  const auxiliary = count('shadow-train') + count('shadow-test');
  return [
    ['Members', side('target-train', target.trainAccuracy)],
    ['Non-members', side('target-test', target.testAccuracy)],
    ['Attacker’s own', auxiliary === 0 ? 'no records' : plural(auxiliary, 'record')],
    ['Records from', data.source],
  ];
}

/** What stands before the command that gives the report again. */
export const RERUN_OWN =
  'Saved as audit.yaml in the folder that the audit was started from, which its paths start from, this is the whole configuration. With the same files in their places this command gives the same findings (the attacks that were chosen are named in it, so those that were not run are not told again):';

/** Of attacks that were not run: each reason once, with the attacks that it holds for. */
export function notRunByReason({
  notRun = [],
}: Pick<Report, 'notRun'>): readonly { readonly why: string; readonly attacks: readonly string[] }[] {
  const reasons = new Map<string, string[]>();
  for (const { attack, why } of notRun) {
    const reason = reasonOf(attack, why);
    reasons.set(reason, [...(reasons.get(reason) ?? []), attack]);
  }
  return [...reasons].map(([why, attacks]) => ({ why, attacks }));
}

/** Without the name of the attack, so that equal reasons are told once. */
function reasonOf(attack: string, why: string): string {
  const rest = why.replaceAll(` (--attacks ${attack})`, ' (--attacks NAME)').replace(`${attack} `, '').trim();
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
