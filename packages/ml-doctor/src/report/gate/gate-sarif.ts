/** `gate.sarif`: what violates a policy, each finding at the place of its rule in the policy's file. */

import { type SarifRule, sarifLog } from '../formats/sarif.ts';
import { RULES, type RuleKind } from './check.ts';
import type { GateReport } from './place.ts';

const MEANING: Readonly<Record<RuleKind, readonly [name: string, short: string, help: string]>> = {
  limits: [
    'MetricLimit',
    'A metric is beyond its limit',
    'Reduce the leak and audit again, or raise the limit for a reason.',
  ],
  verdicts: [
    'VerdictLimit',
    'A verdict is worse than allowed',
    'report.html says what the verdict rests on and what to do.',
  ],
  required: [
    'RequiredAttack',
    'A required attack is missing',
    'Add the attack to the configuration and audit again.',
  ],
  holes: ['FailedTask', 'A task of the audit failed', 'Repair what failed and audit again.'],
  maximumAge: ['MaximumAge', 'The report is too old', 'Audit again.'],
  tool: [
    'ToolVersion',
    'The report is of another version',
    'Audit again with the version that is asked for.',
  ],
  target: [
    'TargetPin',
    'The report is about something else',
    'Audit the model and data that the policy names.',
  ],
  baseline: [
    'BaselineIncrease',
    'A figure is worse than in the baseline',
    'Find out what changed in the training.',
  ],
};

const GATE_RULES: readonly SarifRule[] = RULES.map((rule) => {
  const [name, short, help] = MEANING[rule];
  return { id: `gate/${rule}`, name, short, full: `${short}, by the policy.`, help, level: 'error' };
});

export function gateToSarif(gate: GateReport): string {
  return sarifLog({
    tool: gate.tool,
    rules: GATE_RULES,
    findings: gate.checks
      .filter(({ ok }) => !ok)
      .map(({ rule, label, subject, found, wanted, hint, line, column }) => ({
        ruleId: `gate/${rule}`,
        level: 'error',
        message: `${subject}: ${found}; the policy wants ${wanted} (${label}).${hint === undefined ? '' : ` ${hint}`}`,
        file: gate.file,
        line,
        column,
        fingerprint: `${label}\n${subject}`,
      })),
    notifications: [],
    properties: { audit: gate.subject, policy: gate.policy, passes: gate.passes },
  });
}
