/** What a model-inversion attack is: a declared threat model, parameters, and a function from access to reconstructions. */
import { z } from 'zod';
import type { RecordSpace } from '../../generators/auxiliary-data.ts';
import type { Generator } from '../../generators/generator.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import type { Counted, WhiteBoxAccess } from '../../targets/access.ts';
import { limitAccess } from '../../targets/limit-access.ts';
import type { AccessOf, ThreatModel } from '../../targets/threat-model.ts';
import { type AttackContext, type AttackParameters, settleParams } from '../attack-context.ts';

/** Classes to reconstruct: all, the first so many, or those of these indices. */
export type ClassChoice = 'all' | number | readonly number[];

/** The parameters that every inversion attack has. */
export const inversionParams = {
  classes: z
    .union([
      z.literal('all'),
      z.int().min(1),
      z
        .array(z.int().min(0))
        .min(1)
        .refine((classes) => new Set(classes).size === classes.length, 'a class is named twice')
        .meta({ uniqueItems: true }),
    ])
    .describe('Classes to reconstruct: all, the first so many, or those of these indices (from 0)')
    .default('all'),
  perClass: z.int().min(1).describe('Reconstructions of each class'),
};

/** What a record looks like to the model; nothing of any record in particular. */
export type { RecordSpace };

/** Whether records are pictures, and of which shape. */
export type RecordKind = Pick<RecordSpace, 'recordShape' | 'features'>;

/** Records of the attacker's own, as the model receives them. */
export interface LabelledInputs {
  /** `labels.length × record length`, row-major, normalised. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

export interface InversionInput<T> {
  readonly target: T & Counted;
  /** The class of each reconstruction that is wanted: ascending, each class as often as the attack gives it. */
  readonly wanted: Int32Array;
  readonly space: RecordSpace;
  /** With `auxiliary: 'shadow'`: records of the target's distribution, none of them its own; empty otherwise. */
  readonly population: LabelledInputs;
  /** Where the attack asked for one. */
  readonly generator?: Generator;
}

export interface Reconstructions {
  /** `wanted.length × record length`, normalised, parallel to `wanted`. */
  readonly values: Float32Array;
  /** What each reconstruction was before anything was optimised: the attack's own baseline. Parallel to `values`. */
  readonly starts: Float32Array;
  /** The target's posterior of the wanted class at each reconstruction. */
  readonly confidence: Float64Array;
  /** Sentences for the reader of the report. */
  readonly notes?: readonly string[];
}

/** What somebody who adds an attack writes. */
export interface InversionDefinition<Name extends string, P, N extends ThreatModel> {
  readonly name: Name;
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Strict schema with the paper's values as defaults; with `inversionParams` in it. */
  readonly params: z.ZodType<P>;
  readonly needs: (params: P) => N;
  /** The generator it wants trained on its auxiliary data, equal ones once. */
  readonly generator?: (params: P) => GeneratorRecipe;
  /** The most that one reconstruction asks of the target; nothing when left out, as of weights in the attacker's hands. */
  readonly queries?: (params: P) => number;
  /** Refuses records that it cannot work with, before anything is trained: throws MLD_ATTACK_UNSUITED. */
  readonly check?: (params: P, space: RecordKind) => void;
  readonly run: (
    input: InversionInput<AccessOf<N>>,
    params: P,
    context: AttackContext,
  ) => Promise<Reconstructions>;
}

/** An attack with its parameters settled. */
export interface ConfiguredInversion {
  readonly family: 'inversion';
  /** Complete, defaults filled in; JSON. */
  readonly params: AttackParameters;
  readonly needs: ThreatModel;
  readonly classes: ClassChoice;
  readonly perClass: number;
  readonly generator?: GeneratorRecipe;
  /** The most that one reconstruction asks of the target. */
  readonly queries: number;
  /** @throws {AuditError} MLD_ATTACK_UNSUITED for records that it cannot work with */
  readonly check: (space: RecordKind) => void;
  /** `target` is limited to what `needs` allows before the attack sees it. */
  readonly run: (input: InversionInput<WhiteBoxAccess>, context: AttackContext) => Promise<Reconstructions>;
}

export interface InversionAttack<Name extends string = string> {
  readonly family: 'inversion';
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  /** Strict schema of its parameters, with defaults. */
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredInversion;
}

export const inversionAttack = <
  const Name extends `inversion/${string}`,
  P extends { readonly classes: ClassChoice; readonly perClass: number },
  const N extends ThreatModel,
>(
  definition: InversionDefinition<Name, P, N>,
): InversionAttack<Name> => ({
  family: 'inversion',
  name: definition.name,
  title: definition.title,
  source: definition.source,
  schema: definition.params,
  configure: (given = {}) => {
    const params = settleParams(definition.name, definition.params, given);
    const needs = definition.needs(params);
    const generator = definition.generator?.(params);
    return {
      family: 'inversion',
      params: params as unknown as AttackParameters,
      needs,
      classes: params.classes,
      perClass: params.perClass,
      ...(generator && { generator }),
      queries: definition.queries?.(params) ?? 0,
      check: (space) => definition.check?.(params, space),
      run: async ({ target, ...input }, context) => {
        definition.check?.(params, input.space);
        const limited = limitAccess(target, needs) as AccessOf<N> & Counted;
        return definition.run({ ...input, target: limited }, params, context);
      },
    };
  },
});

/** The classes that are meant, ascending. That they exist is checked where the data is known. */
export const chosenClasses = (choice: ClassChoice, classes: number): readonly number[] => {
  if (choice === 'all') return Array.from({ length: classes }, (_, i) => i);
  if (typeof choice === 'number') return Array.from({ length: choice }, (_, i) => i);
  return [...choice].sort((a, b) => a - b);
};
