/** Verdicts, required attacks and failed tasks: what a report must say of its attacks, and that it says it at all. */

import { FAMILIES, familyOf } from '../family.ts';
import type { Level, Report, Verdict } from '../schema.ts';
import { levelRank } from '../verdict/verdict.ts';
import type { Check } from './check.ts';
import type { Policy } from './policy.ts';
import { absence, namesIn, selectorText, selects } from './select.ts';

/** Every result of a family counts, not the worst alone: each violation is told. */
export function verdictChecks(policy: Policy, report: Report): Check[] {
  const nameOf = namesIn(report);
  return FAMILIES.flatMap((family): Check[] => {
    const most = policy.verdicts[family];
    if (most === undefined) return [];
    const base = { rule: 'verdicts', path: ['verdicts', family], wanted: `at most ${most}` } as const;
    const chosen = report.results.filter((result) => familyOf(result) === family);
    if (chosen.length === 0)
      return [
        {
          ...base,
          subject: family,
          ok: false,
          found: absence({ attack: `${family}/*` }, report),
          hint: 'Run attacks of the family, or take its verdict out of the policy.',
        },
      ];
    return chosen.map((result) => ({
      ...base,
      subject: nameOf(result),
      ok: levelRank(countedAs(result.verdict, policy)) <= levelRank(most),
      found: foundText(result.verdict, policy),
    }));
  });
}

/**
 * What a verdict counts as. `inconclusive` means that a moderate leak is not ruled out, so it counts as `moderate` unless
 * the policy says otherwise. A shifted split is no matter of how many records there are: it is never counted as less.
 */
export function countedAs({ level, reason }: Verdict, { inconclusive }: Pick<Policy, 'inconclusive'>): Level {
  if (level !== 'inconclusive') return level;
  if (reason === undefined) return inconclusive;
  return levelRank(inconclusive) > levelRank('moderate') ? inconclusive : 'moderate';
}

function foundText(verdict: Verdict, policy: Policy): string {
  if (verdict.level !== 'inconclusive') return verdict.level;
  const why = verdict.reason === undefined ? '' : ', as the split is shifted';
  return `inconclusive${why}, which counts as ${countedAs(verdict, policy)}`;
}

export function requiredChecks({ required }: Policy, report: Report): Check[] {
  const nameOf = namesIn(report);
  return required.map((selector, index): Check => {
    const found = report.results.filter((result) => selects(selector, result));
    return {
      rule: 'required',
      path: ['required', index],
      subject: selectorText(selector),
      ok: found.length > 0,
      found: found.length > 0 ? [...new Set(found.map(nameOf))].join('; ') : absence(selector, report),
      wanted: 'in the report, finished',
      ...(found.length === 0 && {
        hint: 'Add the attack to the configuration of the audit, and run it again.',
      }),
    };
  });
}

/** Holds without being written: an attack that failed would keep every limit. */
export function holeChecks({ holes }: Policy, report: Report): Check[] {
  if (holes === 'allow' || report.holes.length === 0) return [];
  return report.holes.map(({ task, code, message }) => ({
    rule: 'holes',
    path: [],
    subject: task,
    ok: false,
    found: `failed [${code}]: ${message}`,
    wanted: 'every task finished',
    hint: 'Repair it and run the audit again, or let the report pass as it is with holes: allow.',
  }));
}
