/** A real audit that takes a second: real pictures, 60 records a role, a few epochs, both attacks. */

import type { AuditConfig } from '../../src/audit/audit-config.ts';
import { type RunOptions, runAudit } from '../../src/audit/run-audit.ts';
import type { StudyEvent } from '../../src/study/study-events.ts';

export const tinyAudit: AuditConfig = {
  data: 'fashion-mnist-10k',
  recordsPerRole: 60,
  architecture: 'mlp',
  recipe: {
    epochs: 3,
    batchSize: 16,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    milestones: [2],
  },
  attacks: [
    { name: 'membership/loss-threshold' },
    { name: 'membership/shadow-classifier', params: { epochs: 2 } },
  ],
  seed: 4,
  command: 'ml-doctor demo --quick --seed 4',
};

export interface TinyRun extends Partial<RunOptions> {
  readonly store: string;
  /** What differs from {@link tinyAudit}. */
  readonly config?: Partial<AuditConfig>;
}

/** Runs it inline unless told otherwise, and keeps the events. */
export async function runTiny({ store, config, onEvent, ...options }: TinyRun) {
  const events: StudyEvent[] = [];
  const { report, run } = await runAudit(
    { ...tinyAudit, ...config },
    {
      workers: 0,
      version: '0.0.0',
      signal: new AbortController().signal,
      ...options,
      store,
      onEvent: (event) => {
        events.push(event);
        onEvent?.(event);
      },
    },
  );
  return { report, run, events };
}
