/** What a policy asks of the report as a whole: its age, the version that wrote it, and what it is about. */

import { duration, grouped } from '../format.ts';
import type { Run } from '../run-record.ts';
import type { Report } from '../schema.ts';
import type { Check } from './check.ts';
import type { Policy } from './policy.ts';

/** Clocks of two machines may differ by so much, in seconds, before a date lies in the future. */
const CLOCK_SKEW = 3600;
const DAY = 86_400;

/** @param now milliseconds since 1970, as of Date.now() */
export function ageChecks({ maximumAge }: Policy, run: Run | undefined, now: number): Check[] {
  if (maximumAge === undefined) return [];
  const base = {
    rule: 'maximumAge',
    path: ['maximumAge'],
    subject: 'age of the report',
    wanted: `at most ${maximumAge.written}`,
  } as const;
  if (run === undefined)
    return [
      {
        ...base,
        ok: false,
        found: 'unknown: there is no run.json beside report.json',
        hint: 'Keep run.json, which has the date, in the folder of the report.',
      },
    ];
  const age = (now - Date.parse(run.finishedAt)) / 1000;
  if (age < -CLOCK_SKEW)
    return [
      {
        ...base,
        ok: false,
        found: `dated in the future: ${run.finishedAt}`,
        hint: 'Set the clock of this machine, or run the audit again.',
      },
    ];
  return [
    {
      ...base,
      ok: age <= maximumAge.seconds,
      found: `${ageText(Math.max(0, age))}, finished ${run.finishedAt}`,
      ...(age > maximumAge.seconds && { hint: 'Run the audit again.' }),
    },
  ];
}

function ageText(seconds: number): string {
  if (seconds < DAY) return duration(seconds);
  const days = Math.floor(seconds / DAY);
  return `${grouped(days)} ${days === 1 ? 'day' : 'days'}`;
}

export function toolChecks({ tool }: Policy, report: Report): Check[] {
  if (tool === undefined) return [];
  const { version } = report.tool;
  const order = compareVersions(version, tool.min);
  return [
    {
      rule: 'tool',
      path: ['tool', 'min'],
      subject: `version of ${report.tool.name}`,
      ok: order !== undefined && order >= 0,
      found: version,
      wanted: `${tool.min} or later`,
    },
  ];
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Precedence by Semantic Versioning 2.0.0, section 11; undefined when one is no such version. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (left === null || right === null) return undefined;
  for (const part of [1, 2, 3]) {
    const difference = Number(left[part]) - Number(right[part]);
    if (difference !== 0) return difference;
  }
  const [early, late] = [left[4], right[4]];
  if (early === undefined || late === undefined)
    return Number(early === undefined) - Number(late === undefined);
  return comparePrereleases(early.split('.'), late.split('.'));
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    const [isNumber, other] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isNumber && other) return Number(x) - Number(y);
    if (isNumber !== other) return isNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

const UNKNOWN_FILE =
  'Only an audit of a model file (--model) knows its hash: audit the file, or pin the model in another way.';

/** That the report is about the very thing that the policy was written for. */
export function targetChecks({ target }: Policy, report: Report): Check[] {
  if (target === undefined) return [];
  const pin = (key: keyof typeof target, subject: string, given: string | undefined): Check[] => {
    const wanted = target[key];
    if (wanted === undefined) return [];
    return [
      {
        rule: 'target',
        path: ['target', key],
        subject,
        ok: given === String(wanted),
        found: given ?? 'unknown: the report has none',
        wanted: String(wanted),
        ...(given === undefined && { hint: UNKNOWN_FILE }),
      },
    ];
  };
  return [
    ...pin('name', 'name of the model', report.target.name),
    ...pin('classes', 'classes of the model', String(report.target.classes)),
    ...pin('data', 'SHA-256 of the data', report.data.contentHash),
    ...pin('sha256', 'SHA-256 of the model file', report.target.sha256),
  ];
}
