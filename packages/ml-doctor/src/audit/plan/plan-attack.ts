/** An attack of a cell as tasks, whatever its family. */

import { attackOf } from '../../attacks/registry.ts';
import type { Choice } from '../../config/config.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type PlannedAttribute, planAttribute } from './plan-attribute.ts';
import { type PlannedInversion, planInversion } from './plan-inversion.ts';
import { type PlannedMembership, planMembership } from './plan-membership.ts';
import type { ModelPlan } from './plan-models.ts';

export type PlannedAttack = PlannedMembership | PlannedInversion | PlannedAttribute;

export const planAttack = (
  plan: ModelPlan,
  target: TaskRef,
  { name, params }: Choice,
  label: string,
): PlannedAttack => {
  const attack = attackOf(name);
  switch (attack.family) {
    case 'membership':
      return planMembership(plan, target, attack, params, label);
    case 'inversion':
      return planInversion(plan, target, attack, params, label);
    case 'attribute':
      return planAttribute(plan, target, attack, params, label);
  }
};
