/** What an attribute-inference attack is: a declared threat model, parameters, and a function from access to guesses. */
import { z } from 'zod';
import type { AttributeEditor } from '../../data/attribute-places.ts';
import type { Guesses } from '../../data/guesses.ts';
import type { AttributeFacts } from '../../data/sensitive.ts';
import type { Counted, Records, WhiteBoxAccess } from '../../targets/access.ts';
import { limitAccess } from '../../targets/limit-access.ts';
import type { AccessOf, ThreatModel } from '../../targets/threat-model.ts';
import { type AttackContext, type AttackParameters, settleParams } from '../attack-context.ts';

/** The parameters that every attribute attack has. */
export const attributeParams = {
  attribute: z
    .string()
    .min(1)
    .describe("The attribute to guess, by its name in the data; the data set's own sensitive one by default")
    .optional(),
};

/** For attacks that learn: where the records come from whose attribute is known. */
export const auxiliaryParam = {
  auxiliary: z
    .enum(['shadow', 'partial'])
    .describe("Records whose attribute the attacker knows: others like the target's, or half of its own")
    .default('shadow'),
};

/** Records without the attribute. */
export interface PartialRecords {
  readonly records: Records;
  /**
   * What the attacker knows of them, for `record: 'rest'`: `records × record length`, as the model receives them, with 0
   * at the places of the attribute. A fresh copy at every call.
   */
  readonly rest: () => Float32Array;
}

/** Records whose attribute the attacker knows: category indices, or numbers. */
export interface KnownRecords extends PartialRecords {
  readonly truth: Int32Array | Float32Array;
}

export interface AttributeInput<T> {
  readonly target: T & Counted;
  readonly attribute: AttributeFacts;
  /** The range of a continuous attribute over all records: common knowledge, as that people are 0 to 120 years old. */
  readonly range?: { readonly min: number; readonly max: number };
  /** How values of the attribute are put into records; undefined where the model is not given it. */
  readonly editor: AttributeEditor | undefined;
  /** One record as the model receives it. */
  readonly recordShape: readonly number[];
  /** With `auxiliary` `shadow` or `partial`; empty with `none`. */
  readonly known: KnownRecords;
  /** The records whose attribute is to be guessed, in an order that tells nothing. */
  readonly asked: PartialRecords;
}

export interface AttributeGuesses extends Guesses {
  /** Sentences for the reader of the report. */
  readonly notes?: readonly string[];
}

/** Those whose attribute is known; those that are asked about, too. */
export type Answered = 'none' | 'known' | 'all';

/** What is known of the data before anything runs. */
export interface AttributeSetting {
  readonly attribute: AttributeFacts;
  readonly recordShape: readonly number[];
}

/** What somebody who adds an attack writes. */
export interface AttributeDefinition<Name extends string, P, N extends ThreatModel> {
  readonly name: Name;
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Strict schema with the paper's values as defaults; with `attributeParams` in it. */
  readonly params: z.ZodType<P>;
  readonly needs: (params: P) => N;
  /** Of which records it asks the target about as they are (`query`, `labels`), attribute and all; of none when left out. */
  readonly answers?: (params: P) => Answered;
  /** The most inputs of his own making that the attacker sends for each record asked about, and for each known one. */
  readonly queries?: (
    params: P,
    setting: AttributeSetting,
  ) => { readonly asked: number; readonly known: number };
  /** Refuses data that it cannot work with, before anything is trained: throws MLD_ATTACK_UNSUITED. */
  readonly check?: (params: P, setting: AttributeSetting) => void;
  readonly run: (
    input: AttributeInput<AccessOf<N>>,
    params: P,
    context: AttackContext,
  ) => Promise<AttributeGuesses>;
}

/** An attack with its parameters settled. */
export interface ConfiguredAttribute {
  readonly family: 'attribute';
  /** Complete, defaults filled in, but for the attribute, which may be the data set's; JSON. */
  readonly params: AttackParameters;
  readonly needs: ThreatModel;
  readonly attribute: string | undefined;
  readonly answers: Answered;
  readonly queries: (setting: AttributeSetting) => { readonly asked: number; readonly known: number };
  /** @throws {AuditError} MLD_ATTACK_UNSUITED for data that it cannot work with */
  readonly check: (setting: AttributeSetting) => void;
  /** `target` is limited to what `needs` allows before the attack sees it. */
  readonly run: (input: AttributeInput<WhiteBoxAccess>, context: AttackContext) => Promise<AttributeGuesses>;
}

export interface AttributeAttack<Name extends string = string> {
  readonly family: 'attribute';
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  /** Strict schema of its parameters, with defaults. */
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredAttribute;
}

export const attributeAttack = <
  const Name extends `attribute/${string}`,
  P extends { readonly attribute?: string | undefined },
  const N extends ThreatModel,
>(
  definition: AttributeDefinition<Name, P, N>,
): AttributeAttack<Name> => ({
  family: 'attribute',
  name: definition.name,
  title: definition.title,
  source: definition.source,
  schema: definition.params,
  configure: (given = {}) => {
    const params = settleParams(definition.name, definition.params, given);
    const needs = definition.needs(params);
    return {
      family: 'attribute',
      params: params as unknown as AttackParameters,
      needs,
      attribute: params.attribute,
      answers: definition.answers?.(params) ?? 'none',
      queries: (setting) => definition.queries?.(params, setting) ?? { asked: 0, known: 0 },
      check: (setting) => definition.check?.(params, setting),
      run: async ({ target, ...input }, context) => {
        definition.check?.(params, input);
        const limited = limitAccess(target, needs) as AccessOf<N> & Counted;
        return definition.run({ ...input, target: limited }, params, context);
      },
    };
  },
});
