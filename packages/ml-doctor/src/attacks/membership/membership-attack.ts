/** What a membership attack is: a declared threat model, parameters, and a function from access to scores. */
import type { z } from 'zod';
import type { CanaryLabels } from '../../data/canaries.ts';
import { IDENTITY } from '../../data/view-key.ts';
import type { View } from '../../data/views.ts';
import type { Counted, Records, WhiteBoxAccess } from '../../targets/access.ts';
import { limitAccess } from '../../targets/limit-access.ts';
import type { AccessOf, ThreatModel } from '../../targets/threat-model.ts';
import { type AttackContext, type AttackParameters, settleParams } from '../attack-context.ts';

/**
 * Where the records of the attacker's own models come from. In every pool but that of canaries the models are trained on
 * random halves that come in complementary pairs, so that each record is in exactly half of any even number of them.
 */
export type Pool =
  /**
   * Shadow data: of the target's distribution, none of it the target's (Shokri, ML-Doctor, ML-Leaks). With `same` every
   * model is trained on the first half, as models of different kinds are compared on equal data.
   */
  | { readonly kind: 'disjoint'; readonly same?: boolean }
  /** The candidate records themselves (online LiRA and RMIA): a stronger attacker. */
  | { readonly kind: 'with-candidates' }
  /** Another data set of the catalogue (ML-Leaks, adversary 2). */
  | { readonly kind: 'other'; readonly data: string }
  /** Records made up by the attacker, as many as the shadow data has (Shokri, §V-C). */
  | { readonly kind: 'synthetic'; readonly synthesis: Synthesis }
  /**
   * The target's own records, so many of them canaries, each in or out by its own fair coin: no attacker's data but an
   * owner's, who audits how he trains. The model is trained exactly as the target is, defence and all, its answers are
   * seen as the weights give them, and the coins are told to nobody. The candidates are the canaries; the target itself
   * is asked nothing.
   */
  | { readonly kind: 'canaries'; readonly count: number; readonly labels: CanaryLabels };

/** How made-up records come about; JSON, it enters the task's key. */
export type Synthesis =
  /** Shadow records of which this share of the features is changed. */
  | { readonly method: 'noisy'; readonly share: number }
  /** Every feature drawn by itself from its marginal distribution in the shadow data; labelled by the target. */
  | { readonly method: 'marginals' }
  /** Shokri's Algorithm 1: hill climbing on the target's posteriors. */
  | {
      readonly method: 'model';
      /** `auto`: half the features. */
      readonly kMax: number | 'auto';
      readonly kMin: number;
      /** `auto`: min(.8, 5 / classes). */
      readonly minConfidence: number | 'auto';
      readonly maxRejections: number;
      readonly maxIterations: number;
    };

/** The sets of records that the attacker's models are asked about, besides the records of their own pool. */
export type RecordSet = 'pool' | 'candidates' | 'population';

/** The models an attack wants trained on the attacker's data. */
export interface References {
  readonly count: number;
  readonly pool: Pool;
  /** What they are asked about; `['pool']` when left out. `population` is the shadow data. */
  readonly asked?: readonly RecordSet[];
  /** Architecture of each model, in turns; the target's when left out. */
  readonly architectures?: readonly string[];
  /** Whether the attack needs the models themselves (live queries, gradients), not only their answers. */
  readonly live?: boolean;
}

/** What the target and the attacker's models are asked besides the plain candidate records. */
export interface Asks {
  /** Transformed copies of the records, the plain record first; `[identity]` when left out. Images only. */
  readonly views?: readonly View[];
  /** Whether the target is asked about the population too. */
  readonly population?: boolean;
  /** Kinds of records that the attack can work with; any when left out. */
  readonly features?: readonly RecordData['features'][];
  /** Members to score, and as many non-members: a random sample of them, where queries are dear. All when left out. */
  readonly sample?: number;
}

/** Records of known membership. */
export interface KnownRecords {
  readonly members: Records;
  readonly nonMembers: Records;
}

/** A model the attacker trained, and what is known of its training data. */
export interface Reference extends KnownRecords {
  /** Gradients and live queries only where the attack asked for live references. */
  readonly model: WhiteBoxAccess;
}

/** The records an attacker holds, as inputs. Normalised, as the model receives them. */
export interface RecordData {
  /** Shape of one record, channels first for images. */
  readonly recordShape: readonly number[];
  /** What a value of a record is. */
  readonly features: 'image' | 'binary' | 'numeric';
  /** `records × record length`, row-major. */
  readonly inputs: (records: Records, view?: View) => Float32Array;
  /** The least and the largest value of each place of a record (`record length` each). */
  readonly bounds: { readonly low: Float32Array; readonly high: Float32Array };
}

export interface AttackInput<T> {
  readonly target: T & Counted;
  /** The candidate records, whose membership is to be told. */
  readonly records: Records;
  readonly references: readonly Reference[];
  /** With `auxiliary: 'partial'`: records of the target whose membership is known; none of them is a candidate. */
  readonly known?: KnownRecords;
  /** With `auxiliary: 'shadow'`: the attacker's own records, disjoint from the target's; empty otherwise. */
  readonly population: Records;
  readonly data: RecordData;
  /** With a synthetic pool: what it cost. */
  readonly synthesis?: { readonly records: number; readonly queries: number };
}

/** One score per record, in the order of `records`; higher means "more likely a member". */
export interface AttackScores {
  readonly scores: Float64Array;
  /** The attacker's rule, "member when score ≥ threshold", chosen without the truth. */
  readonly threshold?: number;
  /** Sentences for the reader of the report. */
  readonly notes?: readonly string[];
}

/** What is claimed of a training, and how many guesses are to refute it: settled before anything is trained. */
export interface EpsilonTest {
  /** Guesses at the canaries with the highest and the lowest scores, one half "in" and one half "out"; even. */
  readonly guesses: number;
  readonly delta: number;
}

/** What somebody who adds an attack writes. */
export interface AttackDefinition<Name extends string, P, N extends ThreatModel> {
  readonly name: Name;
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Strict schema with the paper's values as defaults. */
  readonly params: z.ZodType<P>;
  readonly needs: (params: P) => N;
  readonly references: (params: P) => References;
  readonly asks?: (params: P) => Asks;
  /** Of an audit with canaries. */
  readonly tests?: (params: P) => EpsilonTest;
  readonly run: (input: AttackInput<AccessOf<N>>, params: P, context: AttackContext) => Promise<AttackScores>;
}

/** An attack with its parameters settled. */
export interface ConfiguredAttack {
  readonly family: 'membership';
  /** Complete, defaults filled in; JSON. */
  readonly params: AttackParameters;
  readonly needs: ThreatModel;
  readonly references: Required<Omit<References, 'architectures'>> & Pick<References, 'architectures'>;
  readonly asks: Required<Pick<Asks, 'views' | 'population'>> & Pick<Asks, 'features' | 'sample'>;
  readonly tests?: EpsilonTest;
  /** `target` is limited to what `needs` allows before the attack sees it. */
  readonly run: (input: AttackInput<WhiteBoxAccess>, context: AttackContext) => Promise<AttackScores>;
}

export interface MembershipAttack<Name extends string = string> {
  readonly family: 'membership';
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  /** Strict schema of its parameters, with defaults. */
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredAttack;
}

export const membershipAttack = <const Name extends `membership/${string}`, P, const N extends ThreatModel>(
  definition: AttackDefinition<Name, P, N>,
): MembershipAttack<Name> => ({
  family: 'membership',
  name: definition.name,
  title: definition.title,
  source: definition.source,
  schema: definition.params,
  configure: (given = {}) => {
    const params = settleParams(definition.name, definition.params, given);
    const needs = definition.needs(params);
    const { views = [IDENTITY], population = false, ...sample } = definition.asks?.(params) ?? {};
    return {
      family: 'membership',
      params: params as AttackParameters,
      needs,
      references: { asked: ['pool'], live: false, ...definition.references(params) },
      asks: { views, population, ...sample },
      ...(definition.tests && { tests: definition.tests(params) }),
      run: ({ target, ...input }, context) =>
        definition.run(
          { ...input, target: limitAccess(target, needs) as AccessOf<N> & Counted },
          params,
          context,
        ),
    };
  },
});
