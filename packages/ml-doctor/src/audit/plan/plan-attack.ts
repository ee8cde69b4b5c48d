/** An attack of a cell as tasks, whatever its family. */

import { attackOf } from '../../attacks/registry.ts';
import type { AttackChoice, Choice } from '../../config/config.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type PlannedAttribute, planAttribute } from './plan-attribute.ts';
import { type PlannedInversion, planInversion } from './plan-inversion.ts';
import { type PlannedMembership, planMembership } from './plan-membership.ts';
import type { Exposed, ModelPlan } from './plan-models.ts';
import { type PlannedStealing, planStealing } from './plan-stealing.ts';

export type PlannedAttack = PlannedMembership | PlannedInversion | PlannedAttribute | PlannedStealing;

/** Who holds the weights asks nobody: an output defence changes nothing for him. */
export const planAttack = (
  plan: ModelPlan,
  target: Exposed,
  { name, params }: Choice,
  label: string,
): PlannedAttack => {
  const attack = attackOf(name);
  const { access } = attack.configure(params).needs;
  const held = access === 'white-box' ? target.weights : target.asked;
  switch (attack.family) {
    case 'membership':
      return planMembership(plan, held, attack, params, label);
    case 'inversion':
      return planInversion(plan, held, attack, params, label);
    case 'attribute':
      return planAttribute(plan, held, attack, params, label);
    case 'stealing':
      return planStealing(plan, target, attack, params, label);
  }
};

/** The attacks of a cell in their order, those on a stolen copy planned after what steals it. */
export const planAttacks = (
  plan: ModelPlan,
  target: Exposed,
  choices: readonly AttackChoice[],
): readonly PlannedAttack[] => {
  const labels = choices.map(({ name }, index) => {
    const before = choices.slice(0, index).filter((other) => other.name === name).length;
    return `${name}${before > 0 ? ` #${before + 1}` : ''}`;
  });
  const direct = choices.map((choice, i) =>
    choice.through === undefined ? planAttack(plan, target, choice, labels[i] as string) : undefined,
  );
  return choices.map((choice, i) => {
    const planned = direct[i];
    if (planned) return planned;
    const stolen = direct.find((one) => one?.family === 'stealing' && one.name === choice.through);
    if (stolen?.family !== 'stealing')
      throw new Error(`internal: ${choice.name} goes through ${choice.through}, which is not planned`);
    return planThrough(plan, stolen, choice, labels[i] as string);
  });
};

/** An attack on the copy that the last budget bought: the attacker holds all of it, and it has none of the target's defence. */
const planThrough = (
  plan: ModelPlan,
  stolen: PlannedStealing,
  choice: AttackChoice,
  label: string,
): PlannedAttack => {
  const subject = `copy by ${stolen.name}`;
  const through = {
    name: stolen.name,
    configured: stolen.configured,
    budget: stolen.budgets.at(-1) as number,
  };
  const copy = stolen.copies.at(-1) as TaskRef;
  const planned = planAttack(
    {
      ...plan,
      ...{ architecture: stolen.copy.architecture, subject },
      ...{ training: plan.plainTraining, shadowTraining: plan.plainTraining },
    },
    { weights: copy, asked: copy },
    choice,
    `${label} on ${subject}`,
  );
  return { ...planned, through };
};
