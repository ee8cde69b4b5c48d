/** How a model is trained and what is chosen of it, from what a file says to complete, and back. */

import { architecture } from '../models/architectures.ts';
import { lacking, type ModelOptions, modelName, parseModelName, withoutOwn } from '../models/model-name.ts';
import type { TrainingRecipe } from '../models/recipe.ts';
import type { Json } from '../study/canonical-json.ts';
import type { ConfigPath, ModelChoice } from './config.ts';
import type { Problem } from './config-source.ts';
import type { StudyInput } from './schema.ts';

export type TrainingInput = NonNullable<StudyInput['training']>;
export type ModelInput = TrainingInput & {
  readonly [Option in keyof ModelOptions]?: ModelOptions[Option] | undefined;
};

/** Adam has no momentum; what is as ever is left out, so that a training has one key. */
export const completeTraining = (defaults: TrainingRecipe, given: TrainingInput): TrainingRecipe => {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { optimizer, learningRateDecay = 0, ...recipe } = { ...defaults, ...said } as TrainingRecipe;
  return {
    ...recipe,
    ...(optimizer === 'adam' && { optimizer, momentum: 0 }),
    ...(learningRateDecay !== 0 && { learningRateDecay }),
  };
};

/**
 * What is said of training goes past a forest, so that it is the same choice whatever a study says of its networks.
 * @param name of an architecture
 */
export const completeModel = (
  name: string,
  { norm, dropout, ...own }: ModelInput,
  defaults: TrainingRecipe,
): ModelChoice => {
  const found = architecture(name);
  if (found.trains !== 'gradient') return { model: name, training: defaults };
  return { model: fullName(name, { norm, dropout }), training: completeTraining(defaults, own) };
};

/** The name of a model with what is said of it; what an architecture has not is told of later. */
export const fullName = (name: string, { norm, dropout }: ModelInput): string =>
  modelName(
    withoutOwn(
      { name, ...(norm !== undefined && { norm }), ...(dropout !== undefined && { dropout }) },
      architecture(name),
    ),
  );

/** Nothing of a forest, which takes no options. */
export const modelToJson = ({
  model,
  training,
}: ModelChoice): { readonly model: string; readonly options: { readonly [key: string]: Json } } => {
  const { name, ...options } = parseModelName(model);
  return architecture(model).trains === 'gradient'
    ? { model: name, options: { ...options, ...recipeToJson(training) } }
    : { model: name, options: {} };
};

export const recipeToJson = (training: TrainingRecipe): { readonly [key: string]: Json } => {
  const { momentum, ...recipe } = training;
  return recipe.optimizer === 'adam' ? recipe : training;
};

/** Options that an architecture has not, and a momentum of Adam's. */
export const modelProblems = (
  name: string,
  given: ModelInput,
  path: ConfigPath,
  around: TrainingInput = {},
): Problem[] => {
  const found = architecture(name);
  if (found.trains !== 'gradient') return [];
  const { norm, dropout } = given;
  const options = {
    ...(norm !== undefined && { norm }),
    ...(dropout !== undefined && { dropout }),
  };
  const has = [
    ...(found.norms ? [`norm: ${found.norms.join(', ')}`] : []),
    ...(found.dropout === undefined ? [] : ['dropout']),
  ];
  return [
    ...lacking(found, options).map(
      (option): Problem => ({
        path: [...path, option],
        words: () => [
          `${name} has no ${option}${option === 'norm' && found.norms ? ` of kind ${norm}` : ' to choose'}`,
          has.length === 0 ? `Remove ${option}: ${name} has no options.` : `It has ${has.join('; ')}.`,
        ],
      }),
    ),
    ...momentumOfAdam(given, path, around),
  ];
};

/** @param around what holds where nothing is said here */
export const momentumOfAdam = (
  given: TrainingInput,
  path: ConfigPath,
  around: TrainingInput = {},
): Problem[] =>
  given.momentum === undefined || (given.optimizer ?? around.optimizer) !== 'adam'
    ? []
    : [
        {
          path: [...path, 'momentum'],
          words: () => [
            'adam has no momentum to choose, and one is given',
            'Remove momentum, or set optimizer: sgd.',
          ],
        },
      ];
