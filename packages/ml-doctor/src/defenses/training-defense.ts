/** What a defence is that changes how a model is trained: parameters, and a function from recipe to recipe. */
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import type { TrainingRecipe } from '../models/recipe.ts';

/** What somebody who adds a defence writes. */
export interface DefenseDefinition<Name extends string, P> {
  readonly name: Name;
  readonly title: string;
  /** Where the defence is described. */
  readonly source: string;
  /** Strict schema with defaults. */
  readonly params: z.ZodType<P>;
  /** The recipe under the defence. Shadow models get the same one, as an attacker who knows of the defence would. */
  readonly harden: (recipe: TrainingRecipe, params: P) => TrainingRecipe;
}

/** A defence with its parameters settled. */
export interface ConfiguredDefense {
  /** Complete, defaults filled in; JSON. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly harden: (recipe: TrainingRecipe) => TrainingRecipe;
}

export interface TrainingDefense<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredDefense;
}

export const trainingDefense = <const Name extends string, P>(
  definition: DefenseDefinition<Name, P>,
): TrainingDefense<Name> => ({
  name: definition.name,
  title: definition.title,
  source: definition.source,
  schema: definition.params,
  configure: (given = {}) => {
    const parsed = definition.params.safeParse(given);
    if (!parsed.success)
      throw new AuditError(
        'MLD_USAGE',
        `parameters of ${definition.name}: ${z.prettifyError(parsed.error)}`,
        'Correct or remove them; every parameter has a default.',
      );
    const params = parsed.data;
    return {
      params: params as ConfiguredDefense['params'],
      harden: (recipe) => definition.harden(recipe, params),
    };
  },
});
