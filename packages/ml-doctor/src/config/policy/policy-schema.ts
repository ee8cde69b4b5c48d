/** The file format of policies: a strict schema, and the JSON Schema that editors read. */

import { z } from 'zod';
import { BOUNDS, COUNTS_AS, VERDICT_LIMITS } from '../../report/gate/policy.ts';
import { threatModelSchema } from '../../report/schema.ts';
import { DURATION_PATTERN } from './duration.ts';

export const POLICY_SCHEMA_ID = 'ml-doctor/policy@1';

/** `*`, `FAMILY/*` or `FAMILY/NAME`; whether there is such a family is checked with the rest of the meaning. */
export const ATTACK_PATTERN = /^(\*|[a-z][a-z0-9-]*\/(\*|[a-z][a-z0-9-]*))$/;

const VERSION_PATTERN = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

const attack = () =>
  z
    .string()
    .meta({ pattern: ATTACK_PATTERN.source })
    .describe('An attack by its name, membership/* for all of a family, or * for all');

const selector = {
  attack: attack(),
  access: threatModelSchema.shape.access.describe('Only of attackers with this access').optional(),
  auxiliary: threatModelSchema.shape.auxiliary.describe('Only of attackers with this data').optional(),
  output: threatModelSchema.shape.output.describe('Only of attackers who see this of an answer').optional(),
};

const metric = () =>
  z.string().min(1).describe('Name of a metric as in report.json, as auc or tprAtFpr0.001');

const limit = z.strictObject({
  ...selector,
  metric: metric(),
  bound: z
    .enum(BOUNDS)
    .describe(
      'What is held against the limit: the value or an end of its interval. When left out the end that is worst for the model, high for max and low for min, so that uncertainty counts against it',
    )
    .optional(),
  max: z.number().describe('The most that is allowed').optional(),
  min: z.number().describe('The least that is asked for').optional(),
  missing: z
    .enum(['refuse', 'allow'])
    .describe('What to make of an attack that lacks the metric, where another has it')
    .default('refuse'),
});

const most = (family: string) =>
  z.enum(VERDICT_LIMITS).describe(`The worst verdict that ${family} may get`).optional();

export const policySchema = z
  .strictObject({
    $schema: z.string().describe('For editors: where the JSON Schema of this file lies').optional(),
    name: z.string().min(1).max(200).describe('Title of the policy').optional(),
    limits: z
      .array(limit)
      .min(1)
      .describe('Limits on metrics; every attack that a limit is about is held against it')
      .optional(),
    verdicts: z
      .strictObject({
        membership: most('a membership attack'),
        inversion: most('an inversion'),
        attribute: most('an attribute attack'),
        stealing: most('a stealing attack'),
      })
      .describe('The worst verdict that attacks of a family may get')
      .optional(),
    inconclusive: z
      .enum(COUNTS_AS)
      .describe('What a verdict counts as that had too few records: a moderate leak is not ruled out by it')
      .default('moderate'),
    required: z
      .array(z.union([attack(), z.strictObject(selector)]))
      .min(1)
      .describe('Attacks that must be in the report and finished')
      .optional(),
    maximumAge: z
      .string()
      .meta({ pattern: DURATION_PATTERN })
      .describe('How long ago the audit may have finished, as 30d, 12h, 2w or P30D')
      .optional(),
    tool: z
      .strictObject({
        min: z
          .string()
          .meta({ pattern: VERSION_PATTERN.source })
          .describe('The oldest version of ml-doctor that may have written the report'),
      })
      .describe('What must have written the report')
      .optional(),
    target: z
      .strictObject({
        name: z.string().min(1).describe('Name of the model').optional(),
        classes: z.int().min(2).describe('Classes that it tells apart').optional(),
        data: z
          .string()
          .meta({ pattern: '^[0-9a-f]{64}$' })
          .describe('SHA-256 of the data, data.contentHash of report.json')
          .optional(),
        sha256: z
          .string()
          .meta({ pattern: '^[0-9a-f]{64}$' })
          .describe('SHA-256 of the model file, target.sha256 of report.json')
          .optional(),
      })
      .describe('What the report must be about')
      .optional(),
    baseline: z
      .strictObject({
        allowIncrease: z
          .number()
          .min(0)
          .describe('By how much a figure may be worse than in the baseline, in units of the metric')
          .default(0),
        significant: z
          .boolean()
          .describe('Whether only a change counts whose intervals do not overlap')
          .default(true),
        metrics: z
          .array(metric())
          .min(1)
          .describe('Which figures are compared; those that verdicts rest on when left out')
          .optional(),
      })
      .describe('Comparison with an earlier report, given by --baseline')
      .optional(),
    holes: z
      .enum(['refuse', 'allow'])
      .describe('What to make of a report in which tasks failed')
      .default('refuse'),
  })
  .describe('A policy: what a report must say before a model may go on');

export type PolicyInput = z.output<typeof policySchema>;

/** Keys of which one at least must be there: a policy of settings alone would let everything pass. */
export const RULE_KEYS = [
  'limits',
  'verdicts',
  'required',
  'maximumAge',
  'tool',
  'target',
  'baseline',
] as const satisfies readonly (keyof PolicyInput)[];

export const isVersion = (text: string): boolean => VERSION_PATTERN.test(text);

/** The schema as {@link policyJsonSchema} has it, for messages: keys and values only. */
export function policyStructure(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { io: 'input' });
}

/**
 * JSON Schema (draft 2020-12) of policies, for editors. It knows all rules but these: names of families and metrics, a
 * limit with neither max nor min or with them crossed, and mappings of rules that are empty.
 */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = policyStructure();
  return {
    $schema,
    $id: POLICY_SCHEMA_ID,
    title: 'ML-Doctor policy',
    ...rest,
    anyOf: RULE_KEYS.map((key) => ({ required: [key] })),
  };
}
