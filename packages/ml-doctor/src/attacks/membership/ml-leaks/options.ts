/** Options of ML-Leaks: one flat mapping, in which every adversary has options of its own and refuses the others'. */
import { z } from 'zod';
import { dataNames } from '../../../data/named-data.ts';
import { modelNames, modelOrTarget } from '../../../models/named-models.ts';
import { STATISTICS, type Statistic } from './random-inputs.ts';

/** How the attack model is made and trained. */
export interface AttackTraining {
  /** Hidden units; 0 is a softmax regression. */
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Weight of the sum of squared parameters in the loss. */
  readonly l2: number;
}

interface Trained extends AttackTraining {
  /** How many of the largest posteriors the attack model sees. */
  readonly posteriors: number;
}

interface OneShadow extends Trained {
  /** Kind of the shadow model; `target`: the target's. */
  readonly architecture: string;
}

/** What an adversary knows when every option is settled. */
export type MlLeaksOptions =
  | ({ readonly adversary: 1 } & OneShadow)
  | ({ readonly adversary: 2; readonly data: string } & OneShadow)
  | {
      readonly adversary: 3;
      readonly statistic: Statistic;
      readonly queries: number;
      /** Per cent. */
      readonly percentile: number;
    }
  | ({ readonly adversary: 'combining'; readonly architectures: readonly string[] } & Trained);

const TRAINED: Trained = {
  posteriors: 3,
  hidden: 64,
  epochs: 50,
  batchSize: 10,
  learningRate: 0.01,
  l2: 1e-6,
};
const COMBINED: readonly string[] = ['mlp', 'random-forest', 'logistic-regression'];

/** What stands for the options left out. Adversary 2's data set is for the user to say. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  1: { ...TRAINED, architecture: 'target' },
  2: { ...TRAINED, architecture: 'target', data: undefined },
  3: { statistic: 'maximum', queries: 1000, percentile: 10 },
  combining: { ...TRAINED, architectures: COMBINED },
};

const defaultsOf = (adversary: unknown): Readonly<Record<string, unknown>> =>
  DEFAULTS[String(adversary)] as Readonly<Record<string, unknown>>;

/** What is set to nothing is not set. */
const withoutUndefined = (given: object) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

// Defaults stand in the descriptions: each holds for some adversaries only, and is filled in for those below.
const flat = z.strictObject({
  adversary: z
    .literal([1, 2, 3, 'combining'])
    .default(1)
    .describe('1: one shadow model; 2: one on other data; 3: none; combining: one of each kind'),
  posteriors: z
    .int()
    .min(1)
    .optional()
    .describe('not 3: how many of the largest posteriors are looked at, 3 if not set'),
  hidden: z
    .int()
    .min(0)
    .optional()
    .describe('not 3: hidden units of the attack model, 64 if not set; 0 is a softmax regression'),
  epochs: z.int().min(1).optional().describe('not 3: of the attack model, 50 if not set'),
  batchSize: z.int().min(1).optional().describe('not 3: of the attack model, 10 if not set'),
  learningRate: z.number().positive().optional().describe('not 3: of the attack model, .01 if not set'),
  l2: z.number().min(0).optional().describe('not 3: weight of the squares in its loss, 1e-6 if not set'),
  architecture: modelOrTarget().optional().describe("1, 2: kind of shadow model, the target's if not set"),
  data: dataNames().optional().describe('2: for its shadow model'),
  statistic: z.enum(STATISTICS).optional().describe('3: what is compared, maximum if not set'),
  queries: z
    .int()
    .min(1)
    .optional()
    .describe('3: random inputs sent to choose the threshold, 1000 if not set'),
  percentile: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('3: per cent of them that pass, 10 if not set'),
  architectures: z
    .array(modelNames())
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'every kind of shadow model once')
    .meta({ uniqueItems: true })
    .optional()
    .describe('combining: shadow models, mlp, random-forest and logistic-regression if not set'),
});

const checked = flat
  .superRefine((given, context) => {
    const { adversary } = given;
    for (const [option, value] of Object.entries(given)) {
      if (option === 'adversary' || value === undefined || Object.hasOwn(defaultsOf(adversary), option))
        continue;
      const owners = Object.keys(DEFAULTS).filter((one) => Object.hasOwn(defaultsOf(one), option));
      context.addIssue({
        code: 'custom',
        path: [option],
        message: `it is of no use to adversary ${adversary}, only to ${owners.join(', ')}`,
      });
    }
    if (adversary === 2 && given.data === undefined)
      context.addIssue({
        code: 'custom',
        path: ['adversary'],
        message: 'adversary 2 needs data, the data set of the shadow model (`ml-doctor list datasets`)',
      });
  })
  .overwrite((given) => ({ ...defaultsOf(given.adversary), ...withoutUndefined(given) }) as typeof given);

/** Strict; whatever it lets pass has every option of its adversary and no other. */
export const mlLeaksOptions = checked as unknown as z.ZodType<MlLeaksOptions>;
