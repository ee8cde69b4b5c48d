/** What an owner demands of a report before a model may go on: the policy, read and complete. */

import type { Family } from '../family.ts';
import type { Level, ThreatModel } from '../schema.ts';

/** Which attacks a rule is about. */
export interface Selector {
  /** `membership/lira`, `membership/*` for a family, or `*` for all. */
  readonly attack: string;
  readonly access?: ThreatModel['access'];
  readonly auxiliary?: ThreatModel['auxiliary'];
  readonly output?: ThreatModel['output'];
}

/** Which figure of a metric is held against a limit: the estimate, or an end of its interval. */
export const BOUNDS = ['value', 'low', 'high'] as const;
export type Bound = (typeof BOUNDS)[number];

export interface Limit extends Selector {
  readonly metric: string;
  /**
   * Left out it is the end that is worst for the model: `high` against `max`, `low` against `min`. What a sample is too
   * small to rule out then counts as if it were so, and an audit on few records cannot pass by its width.
   */
  readonly bound?: Bound;
  readonly max?: number;
  readonly min?: number;
  /** What to make of an attack without the metric; of none that has it the gate says no in any case. */
  readonly missing: 'refuse' | 'allow';
}

/** Levels that a policy can set as the most; `high` would allow everything. */
export const VERDICT_LIMITS = ['none-found', 'low', 'moderate'] as const satisfies readonly Level[];
export type VerdictLimit = (typeof VERDICT_LIMITS)[number];

/** What `inconclusive` may count as. */
export const COUNTS_AS = ['none-found', 'low', 'moderate', 'high'] as const satisfies readonly Level[];

export interface BaselineRule {
  /** By how much a figure may be worse than it was, in units of the metric. */
  readonly allowIncrease: number;
  /** Whether only what chance does not explain counts: intervals that do not overlap. */
  readonly significant: boolean;
  /** Which figures are compared; those of `COMPARED` when left out. */
  readonly metrics?: readonly string[];
}

export interface Policy {
  readonly name?: string;
  readonly limits: readonly Limit[];
  readonly verdicts: Readonly<Partial<Record<Family, VerdictLimit>>>;
  readonly inconclusive: (typeof COUNTS_AS)[number];
  readonly required: readonly Selector[];
  /** Seconds; as it is written, for messages. */
  readonly maximumAge?: { readonly seconds: number; readonly written: string };
  readonly tool?: { readonly min: string };
  readonly target?: {
    readonly name?: string;
    readonly classes?: number;
    readonly data?: string;
    readonly sha256?: string;
  };
  readonly baseline?: BaselineRule;
  /** Whether a report in which tasks failed may pass at all. */
  readonly holes: 'refuse' | 'allow';
}
