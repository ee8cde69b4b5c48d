/** From what a file says to a complete configuration: short forms written out, defaults filled in. */

import { attackOf } from '../attacks/registry.ts';
import { defenseOf } from '../defenses/registry.ts';
import { architecture } from '../models/architectures.ts';
import type { TrainingRecipe } from '../models/recipe.ts';
import { FULL_OFFER, type Offer } from '../targets/threat-model.ts';
import type {
  AttackChoice,
  AuditConfig,
  DataChoice,
  DefenseChoice,
  GridRule,
  ModelChoice,
  StudyConfig,
} from './config.ts';
import { type AuditInput, DEFAULT_SPLIT, defaultRecipe, type StudyInput } from './schema.ts';

export type NamedInput = AuditInput['attacks'][number];
type DataInput = AuditInput['data'];
type RecipeInput = NonNullable<StudyInput['training']>;
type RuleInput = StudyInput['include'][number];

export function completeAudit(input: AuditInput): AuditConfig {
  const { model, ...training } = input.target.train;
  return {
    ...(input.name !== undefined && { name: input.name }),
    data: dataChoice(input.data),
    target: { train: modelChoice(model, training), offers: offer(input.target.offers) },
    defense: defenseChoice(input.defense),
    attacks: input.attacks.map(attackChoice),
    seed: input.seed,
  };
}

export function completeStudy(input: StudyInput): StudyConfig {
  return {
    ...(input.name !== undefined && { name: input.name }),
    data: input.data.map(dataChoice),
    models: input.models.map((named): ModelChoice => {
      const [model, own] = nameAndParams(named);
      return modelChoice(model, { ...input.training, ...(own as RecipeInput | undefined) });
    }),
    offers: offer(input.offers),
    defenses: input.defenses.map(defenseChoice),
    attacks: input.attacks.map(attackChoice),
    seeds: input.seeds,
    include: input.include.map(gridRule),
    exclude: input.exclude.map(gridRule),
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

function dataChoice(input: DataInput): DataChoice {
  if (typeof input === 'string') return { catalog: input, split: DEFAULT_SPLIT };
  const { catalog, split, recordsPerRole, overlap, slices = [] } = input;
  return {
    catalog,
    split,
    ...(recordsPerRole !== undefined && { recordsPerRole }),
    ...(overlap === 'allow' && { overlap }),
    ...(slices.length > 0 && { slices }),
  };
}

/** What is said of training goes past a forest, so that it is the same choice whatever a study says of its networks. */
const modelChoice = (model: string, own: RecipeInput): ModelChoice => ({
  model,
  training: {
    ...defaultRecipe,
    ...(architecture(model).trains === 'gradient' && (own as Partial<TrainingRecipe>)),
  },
});

const offer = (own: AuditInput['target']['offers']): Offer => ({
  access: own?.access ?? FULL_OFFER.access,
  output: own?.output ?? FULL_OFFER.output,
});

const gridRule = (input: RuleInput): GridRule =>
  Object.fromEntries(Object.entries(input).map(([axis, values]) => [axis, [values].flat()]));
