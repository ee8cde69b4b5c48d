/** From a configuration to tasks: one target, as many shadow models as the attacks want, each trained once. */
import type { ConfiguredAttack } from '../attacks/membership/membership-attack.ts';
import { attackOf } from '../attacks/registry.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Role, splitQuarters } from '../data/split.ts';
import { AuditError } from '../errors.ts';
import { architecture } from '../models/architectures.ts';
import type { PlanEnvironment } from '../study/environment.ts';
import { dataRef, type SplitRef } from '../study/kinds/data-ref.ts';
import { type Plan, PlanBuilder, type TaskRef } from '../study/plan.ts';
import type { AuditConfig } from './audit-config.ts';

export interface PlannedAttack {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly configured: ConfiguredAttack;
  readonly evaluation: TaskRef;
}

export interface AuditPlan {
  readonly plan: Plan;
  readonly target: { readonly train: TaskRef; readonly query: TaskRef };
  readonly attacks: readonly PlannedAttack[];
}

/** How the audit's records get their roles. */
export const splitRef = ({ seed, recordsPerRole }: AuditConfig): SplitRef => ({
  seed,
  ...(recordsPerRole !== undefined && { perRole: recordsPerRole }),
});

/**
 * Pure: the same configuration, data and environment give the same plan.
 * @throws {AuditError} MLD_USAGE for an attack that is unknown, wrongly configured or asked for twice, and for a model
 *   that is unknown or does not suit the records; MLD_SPLIT for more records per role than there are
 */
export const planAudit = (config: AuditConfig, data: Dataset, environment: PlanEnvironment): AuditPlan => {
  refuseImpossible(config, data);
  const builder = new PlanBuilder(environment);
  const { seed, recipe } = config;
  const common = { data: dataRef(data), split: splitRef(config) };
  const trained = (label: string, role: Role, modelSeed: number): TaskRef =>
    builder.add({
      kind: 'train',
      label: `train ${label}`,
      seed: modelSeed,
      params: { ...common, role, architecture: config.architecture, recipe },
    });
  const queried = (label: string, model: TaskRef, roles: readonly Role[]): TaskRef =>
    builder.add({
      kind: 'query',
      label: `query ${label}`,
      seed,
      params: { ...common, roles },
      inputs: [model],
    });

  const target = trained('target', 'target-train', seed);
  const targetOutputs = queried('target', target, ['target-train', 'target-test']);
  const shadowOutputs = (count: number): TaskRef[] =>
    Array.from({ length: count }, (_, i) => {
      const label = `shadow model ${i + 1}`;
      return queried(label, trained(label, 'shadow-train', seedAfter(seed, i + 1)), [
        'shadow-train',
        'shadow-test',
      ]);
    });

  const planned = new Set<string>();
  const attacks = config.attacks.map(({ name, params }): PlannedAttack => {
    const { title, source, configure } = attackOf(name);
    const configured = configure(params);
    const attack = builder.add({
      kind: 'attack',
      label: `attack ${name}`,
      seed,
      params: { ...common, attack: name, params: configured.params },
      inputs: [targetOutputs, ...shadowOutputs(configured.references.count)],
    });
    const evaluation = builder.add({
      kind: 'evaluate',
      label: `evaluate ${name}`,
      seed,
      params: common,
      inputs: [attack],
    });
    if (planned.has(evaluation.key))
      throw new AuditError(
        'MLD_USAGE',
        `attack ${name} is asked for twice with the same parameters`,
        'Leave one out, or give them different parameters.',
      );
    planned.add(evaluation.key);
    return { name, title, source, configured, evaluation };
  });
  return { plan: builder.build(), target: { train: target, query: targetOutputs }, attacks };
};

/** Weights of its own for every model: the seeds after the target's, 0 following the largest. */
const seedAfter = (seed: number, steps: number): number =>
  steps <= Number.MAX_SAFE_INTEGER - seed ? seed + steps : steps - (Number.MAX_SAFE_INTEGER - seed) - 1;

/** Says once, before anything runs, what would otherwise fail in every task. */
const refuseImpossible = (config: AuditConfig, data: Dataset): void => {
  splitQuarters(data.size, splitRef(config));
  const { recordShape, classes } = data;
  architecture(config.architecture).build({ recordShape, classes: classes.length, seed: config.seed });
};
