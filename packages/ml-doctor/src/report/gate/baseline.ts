/** Comparison with an earlier report: what got worse by more than a policy allows and than chance explains. */

import { canonicalText } from '../canonical.ts';
import { defenseOf, defenseText } from '../identity.ts';
import type { Metric, Report, Result } from '../schema.ts';
import type { Check } from './check.ts';
import { COMPARED, worseWhen } from './metric-names.ts';
import type { BaselineRule, Policy } from './policy.ts';
import { namesIn } from './select.ts';

/**
 * Results are paired that ask the same question: attack, threat model, parameters and copy, whatever the defence and the
 * seed. Of each pair every figure is compared that both have, and a figure got worse when
 *
 * - it lies on the worse side of its old value by more than `allowIncrease`, and,
 * - if `significant` is set, its interval does not reach the old one. An end that is not bounded counts as the value, so
 *   that a figure without interval is compared by its value.
 *
 * What the baseline has and the report has not is a violation: else an attack that is left out would be an improvement.
 */
export function baselineChecks(
  { baseline: rule }: Policy,
  report: Report,
  earlier: Report | undefined,
): Check[] {
  if (rule === undefined) return [];
  if (earlier === undefined) throw new Error('internal: a policy with a baseline was evaluated without one');
  const base = { rule: 'baseline', path: ['baseline'] } as const;
  const names = rule.metrics ?? COMPARED;
  const nameOf = namesIn(earlier);
  const checks = earlier.results.flatMap((before): Check[] => {
    const pairs = report.results.filter((now) => questionOf(now) === questionOf(before));
    if (pairs.length === 0)
      return [
        {
          ...base,
          subject: nameOf(before),
          ok: false,
          found: 'not in the report with these parameters and this threat model',
          wanted: 'every attack of the baseline',
          hint: 'Run the attack as it was run, or take a new report as the baseline.',
        },
      ];
    return pairs.flatMap((now) =>
      pairChecks(rule, names, now, before).map((check) => ({
        ...base,
        ...check,
        subject: `${nameOf(before)}, ${check.subject}`,
      })),
    );
  });
  if (checks.length > 0) return checks;
  return [
    {
      ...base,
      subject: names.join(', '),
      ok: false,
      found: 'no attack of the baseline has any of these figures',
      wanted: 'something to compare',
      hint: 'Name metrics that the baseline has, or take a report with attacks as the baseline.',
    },
  ];
}

type PairCheck = Pick<Check, 'subject' | 'ok' | 'found' | 'wanted'>;

function pairChecks(rule: BaselineRule, names: readonly string[], now: Result, before: Result): PairCheck[] {
  return names.flatMap((name): PairCheck[] => {
    const [old, young] = [before.metrics[name], now.metrics[name]];
    if (old === undefined) return [];
    const wanted = wantedText(rule, name, old);
    if (young === undefined) return [{ subject: name, ok: false, found: 'not measured', wanted }];
    return [{ subject: name, ok: !isWorse(rule, name, young, old), found: foundText(young, old), wanted }];
  });
}

/** By the rule of {@link baselineChecks}. */
export function isWorse(rule: BaselineRule, name: string, now: Metric, before: Metric): boolean {
  const falls = worseWhen(name) === 'down';
  const rise = falls ? before.value - now.value : now.value - before.value;
  // What is allowed to the last printed digit must not fail by how binary fractions round.
  const beyond = rise > rule.allowIncrease + 1e-12 * Math.max(Math.abs(now.value), Math.abs(before.value));
  if (!beyond || !rule.significant) return beyond;
  return falls
    ? (now.high ?? now.value) < (before.low ?? before.value)
    : (now.low ?? now.value) > (before.high ?? before.value);
}

function foundText(now: Metric, before: Metric): string {
  const change = Number((now.value - before.value).toPrecision(3));
  return `${withInterval(now)}, ${change < 0 ? '−' : '+'}${Math.abs(change)}`;
}

function wantedText({ allowIncrease, significant }: BaselineRule, name: string, old: Metric): string {
  const [side, sign] = worseWhen(name) === 'down' ? ['no less', '−'] : ['no more', '+'];
  const allowed = allowIncrease === 0 ? '' : ` ${sign} ${allowIncrease}`;
  return `${side} than ${withInterval(old)}${allowed}${significant ? ' unless the intervals overlap' : ''}`;
}

function withInterval({ value, low, high }: Metric): string {
  if (low === null && high === null) return `${value}`;
  return `${value} [${low ?? '…'}, ${high ?? '…'}]`;
}

function questionOf({ attack, threatModel, params, through }: Result): string {
  return canonicalText({
    attack,
    threatModel,
    params,
    ...(through && { through: { attack: through.attack, params: through.params } }),
  });
}

/** What differs between the two reports besides their figures; none of it decides, all of it may explain. */
export function baselineNotes(report: Report, earlier: Report): string[] {
  const facts = (of: Report): [string, string][] => [
    ['data', `${of.data.id} ${of.data.contentHash.slice(0, 12)}`],
    [
      'records',
      Object.entries(of.data.splits)
        .map(([role, count]) => `${role} ${count}`)
        .join(', '),
    ],
    ['model', of.target.name],
    ['classes', String(of.target.classes)],
    ['parameters of the model', of.target.parameters === null ? 'unknown' : String(of.target.parameters)],
    ['defence', defenseText(defenseOf(of))],
    ['seed', String(of.seed)],
    ['version', of.tool.version],
  ];
  const before = facts(earlier);
  const differing = facts(report).flatMap(([what, now], i) => {
    const old = before[i]![1];
    return now === old ? [] : [`The baseline has another ${what}: ${old}, now ${now}.`];
  });
  const known = new Set(earlier.results.map(questionOf));
  const nameOf = namesIn(report);
  const fresh = report.results.filter((result) => !known.has(questionOf(result))).map(nameOf);
  return [
    ...differing,
    ...(fresh.length === 0 ? [] : [`Not in the baseline, so compared with nothing: ${fresh.join('; ')}.`]),
  ];
}
