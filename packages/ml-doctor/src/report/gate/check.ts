/** What the gate found: one entry for each thing that a rule was held against. */

/** Where in a policy a rule stands, as `['limits', 0]`; empty for what holds without being written. */
export type RulePath = readonly (string | number)[];

export const RULES = [
  'limits',
  'verdicts',
  'required',
  'holes',
  'maximumAge',
  'tool',
  'target',
  'baseline',
] as const;
export type RuleKind = (typeof RULES)[number];

export interface Check {
  readonly rule: RuleKind;
  readonly path: RulePath;
  /** What was looked at, as `membership/lira, auc`; names of attacks and metrics as in the report. */
  readonly subject: string;
  readonly ok: boolean;
  /** What the report says. */
  readonly found: string;
  /** What the policy asks for. */
  readonly wanted: string;
  /** What to do about a violation that does not speak for itself. */
  readonly hint?: string;
}

export interface GateOutcome {
  /** Whether every check is fine. */
  readonly passes: boolean;
  readonly checks: readonly Check[];
  /** What a reader must know, and what decides nothing: a baseline of other data, attacks that are new. */
  readonly notes: readonly string[];
}

/** `limits[0]`, `verdicts.membership`. */
export function pathText(path: RulePath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
