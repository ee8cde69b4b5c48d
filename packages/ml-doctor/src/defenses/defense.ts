/** What a defence is: parameters, what of a model it changes, and how. */
import type { Graph } from 'onnx-grad';
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import type { TrainingRecipe } from '../models/recipe.ts';
import type { TrainedModel, TrainModelOptions } from '../models/train-model.ts';
import type { PrivacySpent } from '../privacy/setting.ts';
import type { OutputForm } from './output/output-form.ts';

/** What of a model a defence changes. An attacker who knows of it trains his own models with the same change. */
export const CHANGES = ['training', 'architecture', 'output'] as const;
export type Change = (typeof CHANGES)[number];

export type DefenseParameters = Readonly<Record<string, string | number | boolean>>;

/** What is known of a training before it is run. */
export interface TrainingFacts {
  /** Name of the architecture, one that trains by gradients. */
  readonly architecture: string;
  /** A fresh model of it, for the records at hand. */
  readonly build: () => Graph;
  readonly records: number;
  readonly classes: number;
  readonly recipe: TrainingRecipe;
}

export interface LearnerOptions extends TrainModelOptions {
  readonly recipe: TrainingRecipe;
  /** The model trained without the defence, for a learner that wants one. */
  readonly teacher?: Graph;
}

/** A model that was trained under a defence. */
export interface DefendedModel extends TrainedModel {
  /** Of a private training. */
  readonly privacy?: PrivacySpent;
}

/** How a model is trained under a defence. */
export interface Learner<P> {
  /** Whether it learns from a model of the same records and recipe that is trained without it. */
  readonly teacher?: boolean;
  /** `false` for what cannot be differentiated, as there is a forest in it. */
  readonly gradients?: boolean;
  /** How many times the work of a plain training it is, without its teacher; for estimates before it is measured. */
  readonly work?: number;
  /**
   * Whether a training of more epochs makes the very steps of one of fewer before its own, so that it may go on from
   * that one's end: one `fit`, and nothing in it that depends on how many epochs there are. Not so unless said.
   */
  readonly continues?: (params: P) => boolean;
  /**
   * Refuses what cannot work before anything is run.
   * @throws {AuditError} with the code of the fault
   */
  readonly check?: (facts: TrainingFacts, params: P) => void;
  /** Sentences for the reader of a report. */
  readonly notes?: (facts: TrainingFacts, params: P) => readonly string[];
  /** What can be run, but whose result deceives: said before it is run, and loudly in the report. */
  readonly warnings?: (facts: TrainingFacts, params: P) => readonly string[];
  /** The same options give the same bits, wherever a training was stopped and resumed. */
  readonly train: (options: LearnerOptions, params: P) => Promise<DefendedModel>;
}

/** What somebody who adds a defence writes. */
export interface DefenseDefinition<Name extends string, P> {
  readonly name: Name;
  readonly title: string;
  /** Where the defence is described. */
  readonly source: string;
  /** Strict schema with defaults. */
  readonly params: z.ZodType<P>;
  /** None for no defence. */
  readonly changes: readonly Change[];
  /** The recipe under the defence; as it is when left out. */
  readonly harden?: (recipe: TrainingRecipe, params: P) => TrainingRecipe;
  /** How the model is trained under it; by the recipe alone when left out. */
  readonly learner?: Learner<P>;
  /** What its answers show; all of them when left out. */
  readonly output?: (params: P) => OutputForm;
}

/** A learner with its parameters settled. */
export interface ConfiguredLearner {
  readonly teacher: boolean;
  readonly gradients: boolean;
  readonly work: number;
  readonly continues: boolean;
  readonly check: (facts: TrainingFacts) => void;
  readonly notes: (facts: TrainingFacts) => readonly string[];
  readonly warnings: (facts: TrainingFacts) => readonly string[];
  readonly train: (options: LearnerOptions) => Promise<DefendedModel>;
}

/** A defence with its parameters settled. */
export interface ConfiguredDefense {
  /** Complete, defaults filled in; JSON. */
  readonly params: DefenseParameters;
  readonly harden: (recipe: TrainingRecipe) => TrainingRecipe;
  readonly learner?: ConfiguredLearner;
  readonly output?: OutputForm;
}

export interface Defense<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly source: string;
  readonly changes: readonly Change[];
  readonly schema: z.ZodType;
  /** @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range */
  readonly configure: (params?: unknown) => ConfiguredDefense;
}

export const defense = <const Name extends string, P>(
  definition: DefenseDefinition<Name, P>,
): Defense<Name> => ({
  name: definition.name,
  title: definition.title,
  source: definition.source,
  changes: definition.changes,
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
    const { learner, output } = definition;
    return {
      params: params as DefenseParameters,
      harden: (recipe) => definition.harden?.(recipe, params) ?? recipe,
      ...(learner && { learner: settled(learner, params) }),
      ...(output && { output: output(params) }),
    };
  },
});

const settled = <P>(learner: Learner<P>, params: P): ConfiguredLearner => ({
  teacher: learner.teacher ?? false,
  gradients: learner.gradients ?? true,
  work: learner.work ?? 1,
  continues: learner.continues?.(params) ?? false,
  check: (facts) => learner.check?.(facts, params),
  notes: (facts) => learner.notes?.(facts, params) ?? [],
  warnings: (facts) => learner.warnings?.(facts, params) ?? [],
  train: (options) => learner.train(options, params),
});
