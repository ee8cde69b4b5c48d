/** A membership attack of a cell as tasks: the models and answers it asks for, its run, and what its scores are worth. */

import type {
  ConfiguredAttack,
  EpsilonTest,
  MembershipAttack,
} from '../../attacks/membership/membership-attack.ts';
import { type Role, roleSizes } from '../../data/split.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import { attackSlots } from '../../study/kinds/attack/slots.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import { poolSet } from '../../study/kinds/record-sets.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type ModelPlan, planPool, planQuery, planReference } from './plan-models.ts';
import type { Planned } from './planned.ts';

export interface PlannedMembership extends Planned {
  readonly family: 'membership';
  readonly configured: ConfiguredAttack;
  /** The model with canaries, where one is audited in place of the target. */
  readonly audited?: TaskRef;
  /** The answers of the attacker's first model, trained on half of his own records, on all of those. */
  readonly shadow?: TaskRef;
}

export const planMembership = (
  plan: ModelPlan,
  target: TaskRef,
  { name, title, source, configure }: MembershipAttack,
  params: unknown,
  label: string,
): PlannedMembership => {
  const { builder, home, seed } = plan;
  const configured = configure(params);
  const { pool } = configured.references;
  const common = { data: dataRef(home.data), split: home.split };
  const other = pool.kind === 'other' && { pool: refsOf(planPool(plan, pool, target)) };
  const units = attackedRecords(configured, roleSizes(home.data.size, home.split));
  const inputs = planSlots(plan, target, configured);
  const attack = builder.add({
    kind: 'attack',
    label: `attack ${label}${plan.name}`,
    effort: {
      like: `attack ${name} ${canonicalJson(configured.params as Json)}, ${home.data.classes.length} classes`,
      units,
    },
    seed,
    params: { ...common, attack: name, params: configured.params as Json, ...other } as Json,
    inputs,
  });
  const evaluation = builder.add({
    kind: 'evaluate',
    label: `evaluate ${label}${plan.name}`,
    effort: { like: 'evaluate membership', units },
    seed,
    params: {
      ...common,
      ...(plan.slices.length > 0 && { slices: plan.slices }),
      ...(pool.kind === 'canaries' && {
        canaries: { count: pool.count, labels: pool.labels, ...(configured.tests as EpsilonTest) },
      }),
    },
    inputs: [attack],
  });
  return {
    ...{ family: 'membership', name, title, source, configured, attack, evaluation },
    ...shadowOf(configured, inputs),
    ...(pool.kind === 'canaries' && {
      audited: planReference(plan, pool, home, 0, plan.architecture).weights,
    }),
  };
};

/** Only where it was trained on a role, of which it is known who is in it. */
const shadowOf = (
  configured: ConfiguredAttack,
  inputs: readonly TaskRef[],
): Pick<PlannedMembership, 'shadow'> => {
  if (configured.references.pool.kind !== 'disjoint') return {};
  const at = attackSlots(configured).findIndex(
    (slot) => slot.what === 'answers' && slot.of === 0 && slot.set === 'population' && !slot.own,
  );
  const shadow = inputs[at];
  return shadow ? { shadow } : {};
};

const refsOf = ({ data, split }: ModelPlan['home']) => ({ data: dataRef(data), split });

/** Records that are scored, members and non-members. */
export const attackedRecords = (
  { needs, asks, references: { pool } }: ConfiguredAttack,
  sizes: Readonly<Record<Role, number>>,
): number => {
  if (pool.kind === 'canaries') return pool.count;
  const scored = (['target-train', 'target-test'] as const).map((role) => {
    const there = needs.auxiliary === 'partial' ? Math.floor(sizes[role] / 3) : sizes[role];
    return Math.min(there, asks.sample ?? there);
  });
  return scored.reduce((sum, records) => sum + records, 0);
};

/** The tasks that fill the slots of an attack. Equal ones of several attacks are one task. */
const planSlots = (plan: ModelPlan, target: TaskRef, configured: ConfiguredAttack): TaskRef[] => {
  const { home, architecture, subject = 'target' } = plan;
  const { references } = configured;
  const slots = attackSlots(configured);
  const pool = references.count > 0 ? planPool(plan, references.pool, target) : home;
  const models = Array.from({ length: references.count }, (_, i) => {
    const kinds = references.architectures ?? [architecture];
    return planReference(plan, references.pool, pool, i, kinds[i % kinds.length] as string);
  });
  const modelOf = (of: 'target' | number) => {
    if (of === 'target') return { task: target, label: subject, architecture };
    const { weights, asked, ...model } = models[of] as (typeof models)[number];
    // His own models are met as the target is.
    return { ...model, task: configured.needs.access === 'white-box' ? weights : asked };
  };
  const poolRecords = poolSet(references.pool);
  return slots.map((slot): TaskRef => {
    if (slot.what === 'synthesis') return pool.made as TaskRef;
    const model = modelOf(slot.of);
    if (slot.what === 'model') return model.task;
    // Of the records that a model was trained among nothing is said.
    const expected = slot.of === 'target' ? 'candidates' : poolRecords;
    const label = slot.set === expected ? model.label : `${model.label} on ${slot.set}`;
    return planQuery(plan, slot.own ? pool : home, label, model, slot.set, slot.view);
  });
};
