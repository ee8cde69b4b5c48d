/** A policy held against a report: every rule, in the order in which people read them. */

import type { Run } from '../run-record.ts';
import type { Report } from '../schema.ts';
import { baselineChecks, baselineNotes } from './baseline.ts';
import type { GateOutcome } from './check.ts';
import { ageChecks, targetChecks, toolChecks } from './facts.ts';
import { limitChecks } from './limits.ts';
import type { Policy } from './policy.ts';
import { holeChecks, requiredChecks, verdictChecks } from './verdicts.ts';

export interface Evidence {
  readonly report: Report;
  /** The run that wrote the report; without it no age is known. */
  readonly run?: Run | undefined;
  /** An earlier report; needed if, and only if, the policy has a `baseline`. */
  readonly baseline?: Report | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Pure: equal arguments give equal outcomes. */
export function evaluatePolicy(policy: Policy, { report, run, baseline, now }: Evidence): GateOutcome {
  const checks = [
    ...limitChecks(policy.limits, report),
    ...verdictChecks(policy, report),
    ...requiredChecks(policy, report),
    ...holeChecks(policy, report),
    ...ageChecks(policy, run, now),
    ...toolChecks(policy, report),
    ...targetChecks(policy, report),
    ...baselineChecks(policy, report, baseline),
  ];
  const warned = (report.target.warnings ?? []).map((warning) => `The report warns: ${warning}`);
  return {
    passes: checks.every(({ ok }) => ok),
    checks,
    notes: [
      ...(policy.baseline !== undefined && baseline !== undefined ? baselineNotes(report, baseline) : []),
      ...(policy.holes === 'allow'
        ? report.holes.map(({ task }) => `Failed, which the policy allows: ${task}.`)
        : []),
      ...warned,
    ],
  };
}
