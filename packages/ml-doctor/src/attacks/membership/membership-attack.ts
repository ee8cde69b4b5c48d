/** What a membership attack is: a declared threat model, parameters, and a function from access to scores. */
import type { Device } from 'onnx-grad';
import { z } from 'zod';
import { AuditError } from '../../errors.ts';
import type { CountedAccess, PosteriorAccess, Records } from '../../targets/access.ts';

/** Where the attacker's own data comes from: none at all, or shadow records disjoint from the target's. */
export type Auxiliary = 'none' | 'shadow';

export interface ThreatModel {
  readonly access: 'black-box';
  readonly auxiliary: Auxiliary;
  /** The least a target must answer. */
  readonly output: 'posteriors';
  /** What the attacker knows of a candidate record: input and label. */
  readonly record: 'xy';
}

/** The models an attack wants trained on the attacker's data; `disjoint` from the target's (Shokri, ML-Doctor). */
export interface References {
  readonly count: number;
  readonly pool: 'disjoint';
}

/** A model the attacker trained, and what is known of its training data. */
export interface Reference {
  readonly model: PosteriorAccess;
  readonly members: Records;
  readonly nonMembers: Records;
}

export interface AttackInput {
  readonly target: CountedAccess;
  /** The candidate records, whose membership is to be told. */
  readonly records: Records;
  readonly references: readonly Reference[];
}

export interface AttackContext {
  readonly seed: number;
  /** Threads of one onnxruntime session. */
  readonly threads: number;
  /** Where the attack's own models compute. */
  readonly device: Device;
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1, with figures worth a glance. */
  readonly progress: (fraction: number, figures?: Readonly<Record<string, number>>) => void;
}

/** One score per record, in the order of `records`; higher means "more likely a member". */
export interface AttackScores {
  readonly scores: Float64Array;
  /** The attacker's rule, "member when score ≥ threshold", chosen without the truth. */
  readonly threshold?: number;
}

/** What somebody who adds an attack writes. */
export interface AttackDefinition<Name extends string, P> {
  readonly name: Name;
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Strict schema with the paper's values as defaults. */
  readonly params: z.ZodType<P>;
  readonly needs: (params: P) => ThreatModel;
  readonly references: (params: P) => References;
  readonly run: (input: AttackInput, params: P, context: AttackContext) => Promise<AttackScores>;
}

/** An attack with its parameters settled. */
export interface ConfiguredAttack {
  /** Complete, defaults filled in; JSON. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly needs: ThreatModel;
  readonly references: References;
  readonly run: (input: AttackInput, context: AttackContext) => Promise<AttackScores>;
}

export interface MembershipAttack<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  /** Strict schema of its parameters, with defaults. */
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredAttack;
}

export const membershipAttack = <const Name extends `membership/${string}`, P>(
  definition: AttackDefinition<Name, P>,
): MembershipAttack<Name> => ({
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
      params: params as ConfiguredAttack['params'],
      needs: definition.needs(params),
      references: definition.references(params),
      run: (input, context) => definition.run(input, params, context),
    };
  },
});
