/** From what a file says to a complete configuration: short forms written out, defaults filled in. */

import { attackOf } from '../attacks/registry.ts';
import { defenseOf } from '../defenses/registry.ts';
import { FULL_OFFER, type Offer } from '../targets/threat-model.ts';
import type { AttackChoice, AuditConfig, DefenseChoice, GridRule, StudyConfig } from './config.ts';
import { completeData } from './data-choice.ts';
import { type AuditInput, defaultRecipe, type StudyInput } from './schema.ts';
import { completeModel, type ModelInput } from './training.ts';

export type NamedInput = AuditInput['attacks'][number];
type RuleInput = StudyInput['include'][number];

export function completeAudit(input: AuditInput): AuditConfig {
  const { model, ...training } = input.target.train;
  return {
    ...(input.name !== undefined && { name: input.name }),
    data: completeData(input.data),
    target: { train: completeModel(model, training, defaultRecipe), offers: offer(input.target.offers) },
    defense: defenseChoice(input.defense),
    attacks: input.attacks.map(attackChoice),
    seed: input.seed,
    ...(input.explain && { explain: true }),
  };
}

export function completeStudy(input: StudyInput): StudyConfig {
  return {
    ...(input.name !== undefined && { name: input.name }),
    data: input.data.map(completeData),
    models: input.models.map((named) => {
      const [model, own] = nameAndParams(named);
      return completeModel(model, withTraining(input.training, own as ModelInput | undefined), defaultRecipe);
    }),
    offers: offer(input.offers),
    defenses: input.defenses.map(defenseChoice),
    attacks: input.attacks.map(attackChoice),
    seeds: input.seeds,
    include: input.include.map(gridRule),
    exclude: input.exclude.map(gridRule),
    ...(input.explain && { explain: true }),
  };
}

/** An attack by its name, or by its name with parameters, the others being its defaults; on a copy where it says so. */
export function attackChoice(input: NamedInput): AttackChoice {
  const { through, ...named } = typeof input === 'string' ? { [input]: undefined } : input;
  const [name, params] = nameAndParams(named);
  return {
    name,
    params: attackOf(name).configure(params).params,
    ...(typeof through === 'string' && { through }),
  };
}

export function defenseChoice(input: NamedInput): DefenseChoice {
  const { adaptive, ...named } = typeof input === 'string' ? { [input]: undefined } : input;
  const [name, params] = nameAndParams(named);
  return {
    name,
    params: defenseOf(name).configure(params).params,
    ...(adaptive === false && { adaptive }),
  };
}

function nameAndParams(input: NamedInput): [name: string, params: unknown] {
  if (typeof input === 'string') return [input, undefined];
  return Object.entries(input)[0]!;
}

/** What a model says itself comes first; a momentum that is said of all models is none of one that has Adam. */
const withTraining = (training: StudyInput['training'] = {}, own: ModelInput = {}): ModelInput => ({
  ...training,
  ...own,
});

const offer = (own: AuditInput['target']['offers']): Offer => ({
  access: own?.access ?? FULL_OFFER.access,
  output: own?.output ?? FULL_OFFER.output,
});

const gridRule = (input: RuleInput): GridRule =>
  Object.fromEntries(Object.entries(input).map(([axis, values]) => [axis, [values].flat()]));
