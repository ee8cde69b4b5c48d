/** Findings of a gate with their places in the policy, ready to be shown. */

import { subjectOf } from '../identity.ts';
import type { Report } from '../schema.ts';
import { type Check, type GateOutcome, pathText, type RulePath } from './check.ts';

export interface PlacedCheck extends Check {
  /** `limits[0]`; for what holds without being written, the kind of rule. */
  readonly label: string;
  /** In the policy, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** All that renderings of one gate need. */
export interface GateReport {
  readonly passes: boolean;
  /** Title of the policy, else its file. */
  readonly policy: string;
  /** The policy's path, as it was named. */
  readonly file: string;
  readonly subject: string;
  readonly checks: readonly PlacedCheck[];
  readonly notes: readonly string[];
  readonly tool: { readonly name: string; readonly version: string };
}

export function placedOutcome(
  outcome: GateOutcome,
  options: {
    readonly report: Report;
    readonly file: string;
    readonly name: string | undefined;
    readonly version: string;
    readonly place: (path: RulePath) => { readonly line: number; readonly column: number };
  },
): GateReport {
  const { report, file, name, version, place } = options;
  return {
    passes: outcome.passes,
    policy: name ?? file,
    file,
    subject: report.name ?? subjectOf(report),
    checks: outcome.checks.map((check) => ({
      ...check,
      ...place(check.path),
      label: check.path.length === 0 ? check.rule : pathText(check.path),
    })),
    notes: outcome.notes,
    tool: { name: report.tool.name, version },
  };
}
