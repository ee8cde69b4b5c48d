/** Limits on metrics: every result that a limit is about is held against it, and what cannot be held against it is refused. */

import type { Metric, Report } from '../schema.ts';
import type { Check } from './check.ts';
import type { Bound, Limit } from './policy.ts';
import { absence, namesIn, selectorText, selects } from './select.ts';

export function limitChecks(limits: readonly Limit[], report: Report): Check[] {
  return limits.flatMap((limit, index) => checksOf(limit, index, report));
}

function checksOf(limit: Limit, index: number, report: Report): Check[] {
  const base = { rule: 'limits', path: ['limits', index] } as const;
  const nameOf = namesIn(report);
  const chosen = report.results.filter((result) => selects(limit, result));
  if (chosen.length === 0)
    return [
      {
        ...base,
        subject: `${selectorText(limit)}, ${limit.metric}`,
        ok: false,
        found: absence(limit, report),
        wanted: wantedOf(limit).join(', '),
        hint: 'Run the attack, or take the limit out of the policy.',
      },
    ];
  const measured = chosen.some(({ metrics }) => metrics[limit.metric] !== undefined);
  return chosen.flatMap((result): Check[] => {
    const metric = result.metrics[limit.metric];
    const subject = `${nameOf(result)}, ${limit.metric}`;
    if (metric !== undefined) return sidesOf(limit, metric).map((side) => ({ ...base, subject, ...side }));
    if (limit.missing === 'allow' && measured) return [];
    return [
      {
        ...base,
        subject,
        ok: false,
        found: `not measured; it has ${Object.keys(result.metrics).join(', ') || 'no metric'}`,
        wanted: wantedOf(limit).join(', '),
        hint: measured
          ? 'Name attacks that have the metric, or let others pass with missing: allow.'
          : 'Name a metric that this attack has, or another attack.',
      },
    ];
  });
}

const wantedOf = ({ max, min }: Limit): string[] => [
  ...(max === undefined ? [] : [`at most ${max}`]),
  ...(min === undefined ? [] : [`at least ${min}`]),
];

type Side = Pick<Check, 'ok' | 'found' | 'wanted' | 'hint'>;

function sidesOf({ bound, max, min }: Limit, metric: Metric): Side[] {
  return [
    ...(max === undefined
      ? []
      : [side(metric, bound ?? 'high', `at most ${max}`, (figure) => figure <= max)]),
    ...(min === undefined
      ? []
      : [side(metric, bound ?? 'low', `at least ${min}`, (figure) => figure >= min)]),
  ];
}

function side(metric: Metric, bound: Bound, wanted: string, holds: (figure: number) => boolean): Side {
  const figure = metric[bound];
  if (figure === null)
    return {
      ok: false,
      found: `${metric.value}, with no ${END[bound]} to its interval (${metric.method})`,
      wanted: `an interval that ends at ${wanted.replace(/^at /, '')}`,
      hint: 'How uncertain the figure is, is not known; hold the value itself against the limit with bound: value.',
    };
  const told = bound === 'value' ? `${figure}` : `${figure}, the ${END[bound]} (value ${metric.value})`;
  return { ok: holds(figure), found: told, wanted };
}

const END: Readonly<Record<Bound, string>> = {
  value: 'value',
  low: 'lower end',
  high: 'upper end',
};
