/** From a configuration to tasks: one target, as many shadow models as the attacks want, each trained once. */
import type { ConfiguredAttack } from '../attacks/membership/membership-attack.ts';
import { attackOf } from '../attacks/registry.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Role } from '../data/split.ts';
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
 * @throws {AuditError} MLD_USAGE for an attack that is unknown or wrongly configured
 */
export const planAudit = (config: AuditConfig, data: Dataset, environment: PlanEnvironment): AuditPlan => {
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
      // Weights of its own: seeds after the target's.
      return queried(label, trained(label, 'shadow-train', seed + 1 + i), ['shadow-train', 'shadow-test']);
    });

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
    return { name, title, source, configured, evaluation };
  });
  return { plan: builder.build(), target: { train: target, query: targetOutputs }, attacks };
};
