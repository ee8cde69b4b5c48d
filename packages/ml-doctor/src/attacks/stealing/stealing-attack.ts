/** What a model-stealing attack is: a declared threat model, budgets of queries, and how a copy is got from answers. */
import { z } from 'zod';
import { networkOrTarget } from '../../models/named-models.ts';
import type { ReplyForm } from '../../targets/oracle.ts';
import type { ThreatModel } from '../../targets/threat-model.ts';
import { type AttackParameters, settleParams } from '../attack-context.ts';

/** What a copy is held to: squared distance of posteriors, or Kullback–Leibler divergence. */
export const STUDENT_LOSSES = ['mse', 'kl'] as const;
export type StudentLoss = (typeof STUDENT_LOSSES)[number];

/** How the next records to ask about are chosen among those of a pool. */
export const SELECTIONS = ['random', 'uncertainty', 'k-centre'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** Plain data that enters a task's key. */
export type StudentRecipe = {
  readonly loss: StudentLoss;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
};

/** Plain data that enters a task's key. */
export type DataFreeRecipe = {
  /** Rows of every batch, of the generator and of the student. */
  readonly batchSize: number;
  /** Random directions of one estimate of a gradient. */
  readonly directions: number;
  /** Length of the step in which the target is asked. */
  readonly epsilon: number;
  /** Batches of new inputs that the student learns from after each step of the generator. */
  readonly studentSteps: number;
  /** Batches of inputs asked about before that it learns from again after each step; they cost no queries. */
  readonly replays: number;
  readonly studentLearningRate: number;
  readonly generatorLearningRate: number;
  readonly latent: number;
  readonly width: number;
  /** Weight in the generator's loss of the cross-entropy, under the copy, of classes drawn evenly; 0 is the paper's form. */
  readonly diversity: number;
};

/** The attacker's records: shadow data, half of the target's own, another data set's, or made up at random. */
export type PoolChoice =
  | { readonly kind: 'shadow' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'other'; readonly data: string; readonly resize: boolean }
  | { readonly kind: 'uniform' };

/** How answers are got and learnt from. */
export type Method =
  | {
      readonly kind: 'pool';
      readonly pool: PoolChoice;
      readonly selection: Selection;
      readonly student: StudentRecipe;
    }
  | { readonly kind: 'data-free'; readonly recipe: DataFreeRecipe };

/** What a query costs the attacker. */
export interface Price {
  /** In any currency; unknown when left out. */
  readonly perQuery?: number;
  /** That the target allows; unknown when left out. */
  readonly queriesPerSecond?: number;
}

/** All answers to a pool are held in memory at once, so that there has to be an end. */
const MOST_QUERIES = 10_000_000;

/** The parameters that every stealing attack has. */
export const stealingParams = {
  budgets: z
    .array(z.int().min(1).max(MOST_QUERIES))
    .min(1)
    .superRefine((budgets, context) => {
      const index = budgets.findIndex((budget, i) => i > 0 && budgets[i - 1]! >= budget);
      if (index > 0) context.addIssue({ code: 'custom', path: [index], message: 'budgets must ascend' });
    })
    .meta({ uniqueItems: true })
    .describe('Queries after which a copy is made, ascending; the last is never exceeded')
    .optional(),
  // A copy learns from posteriors, which takes gradients.
  architecture: networkOrTarget()
    .describe("Architecture of the copy (`ml-doctor list models`); the target's by default")
    .default('target'),
  digits: z
    .int()
    .min(0)
    .max(7)
    .describe('Decimal places that the target rounds its posteriors to; not rounded by default')
    .optional(),
  temperature: z
    .number()
    .positive()
    .describe('What the target divides its logits by before the softmax')
    .default(1),
  pricePerQuery: z.number().min(0).describe('What one query costs, in any currency').optional(),
  queriesPerSecond: z.number().positive().describe('Queries a second that the target allows').optional(),
};

/** The least that the parameters of an attack say. */
export interface CommonParams {
  readonly budgets?: readonly number[] | undefined;
  /** `target`: as the target's. */
  readonly architecture: string;
  readonly digits?: number | undefined;
  readonly temperature: number;
  readonly pricePerQuery?: number | undefined;
  readonly queriesPerSecond?: number | undefined;
}

/** What somebody who adds an attack writes. */
export interface StealingDefinition<Name extends string, P extends CommonParams> {
  readonly name: Name;
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** Strict schema with the paper's values as defaults; with `stealingParams` in it. */
  readonly params: z.ZodType<P>;
  readonly needs: (params: P) => ThreatModel;
  /** What the attacker reads of an answer. @throws {AuditError} MLD_USAGE for options that do not go together */
  readonly reply: (params: P) => ReplyForm;
  readonly method: (params: P) => Method;
}

/** An attack with its parameters settled. */
export interface ConfiguredStealing {
  readonly family: 'stealing';
  /** Complete but for the budgets, which may depend on the data; JSON. */
  readonly params: AttackParameters;
  readonly needs: ThreatModel;
  readonly budgets: readonly number[] | undefined;
  readonly architecture: string;
  readonly reply: ReplyForm;
  readonly method: Method;
  readonly price: Price;
}

export interface StealingAttack<Name extends string = string> {
  readonly family: 'stealing';
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  /** Strict schema of its parameters, with defaults. */
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredStealing;
}

export const stealingAttack = <const Name extends `stealing/${string}`, P extends CommonParams>(
  definition: StealingDefinition<Name, P>,
): StealingAttack<Name> => ({
  family: 'stealing',
  name: definition.name,
  title: definition.title,
  source: definition.source,
  schema: definition.params,
  configure: (given = {}) => {
    const params = settleParams(definition.name, definition.params, given);
    const { budgets, architecture, pricePerQuery, queriesPerSecond } = params;
    return {
      family: 'stealing',
      params: params as unknown as AttackParameters,
      needs: definition.needs(params),
      budgets,
      architecture,
      reply: definition.reply(params),
      method: definition.method(params),
      price: {
        ...(pricePerQuery !== undefined && { perQuery: pricePerQuery }),
        ...(queriesPerSecond !== undefined && { queriesPerSecond }),
      },
    };
  },
});
