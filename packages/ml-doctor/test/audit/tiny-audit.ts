/** A real audit that takes a second: real pictures, 60 records a role, a few epochs, both attacks. */

import { attackOf } from '../../src/attacks/registry.ts';
import { runAudit } from '../../src/audit/run-audit.ts';
import type { RunEvent, RunOptions } from '../../src/audit/run-cells.ts';
import type { AuditConfig, Choice } from '../../src/config/config.ts';
import { FULL_OFFER } from '../../src/targets/threat-model.ts';

/** An attack with its defaults but for what is given. */
export const attackChoice = (name: string, params: Record<string, unknown> = {}): Choice => ({
  name,
  params: attackOf(name).configure(params).params,
});

export const tinyRecipe = {
  epochs: 3,
  batchSize: 16,
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  milestones: [2],
};

export const tinyAudit: AuditConfig = {
  data: { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022', recordsPerRole: 60 },
  target: { train: { model: 'mlp', training: tinyRecipe }, offers: FULL_OFFER },
  defense: { name: 'none', params: {} },
  attacks: [
    attackChoice('membership/loss-threshold'),
    attackChoice('membership/shadow-classifier', { epochs: 2 }),
  ],
  seed: 4,
};

/** The tiny audit with other parts. */
export const tinyWith = ({
  model = 'mlp',
  training = {},
  recordsPerRole = 60,
  ...rest
}: Partial<AuditConfig> & {
  readonly model?: string;
  readonly training?: Partial<typeof tinyRecipe>;
  readonly recordsPerRole?: number;
}): AuditConfig => ({
  ...tinyAudit,
  data: { ...tinyAudit.data, recordsPerRole },
  target: { train: { model, training: { ...tinyRecipe, ...training } }, offers: FULL_OFFER },
  ...rest,
});

export interface TinyRun extends Partial<RunOptions> {
  readonly store: string;
  /** Instead of {@link tinyAudit}. */
  readonly config?: AuditConfig;
}

/** Runs it inline unless told otherwise, and keeps the events. */
export async function runTiny({ store, config = tinyAudit, onEvent, ...options }: TinyRun) {
  const events: RunEvent[] = [];
  const { report, run } = await runAudit(config, {
    workers: 0,
    version: '0.0.0',
    signal: new AbortController().signal,
    ...options,
    store,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  return { report, run, events };
}
