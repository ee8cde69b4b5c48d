/** The shape of `report.json` (`ml-doctor/report@1`): what an audit found, free of dates and host so that equal runs give equal bytes. */

import { z } from 'zod';

export const REPORT_SCHEMA_ID = 'ml-doctor/report@1';

/** Members that a report names for an attack, at most. */
export const MOST_EXPOSED = 200;

const name = z.string().min(1);
const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const metricSchema = z
  .strictObject({
    value: z.number(),
    low: z.number().nullable().describe('Lower end of the interval; null when this side is not bounded'),
    high: z.number().nullable().describe('Upper end of the interval; null when this side is not bounded'),
    method: name.describe('How the interval was made and its confidence level, or "none"'),
  })
  .refine((m) => (m.low ?? m.value) <= m.value && m.value <= (m.high ?? m.value), {
    message: 'the interval does not contain the value',
  });

export const metricsSchema = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9.]*$/), metricSchema)
  .describe('By name; the name carries the unit, as auc, balancedAccuracy, tprAtFpr0.01');

export const threatModelSchema = z.strictObject({
  access: z.enum(['black-box', 'white-box']),
  auxiliary: z
    .enum(['none', 'shadow', 'partial', 'other'])
    .describe(
      "Data the attacker has: none, disjoint of the target's distribution, some members, another distribution",
    ),
  output: z
    .enum(['label', 'top1', 'topK', 'posteriors', 'loss'])
    .describe('What the model answers to a query'),
});

const referencesSchema = z.strictObject({
  count,
  pool: z
    .enum(['none', 'disjoint', 'with-candidates', 'other', 'synthetic', 'canaries'])
    .describe(
      "Records they were trained on: none of the target's, halves that hold the audited records (a stronger attacker), another data set, made-up ones, or the target's own with canaries among them (an audit of the training)",
    ),
});

// Typed loosely, so that the endless type of JSON does not spread; the check itself is exact.
const params: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.json());

const recordCounts = z.strictObject({ members: count, nonMembers: count });

const epsilon = z
  .number()
  .nonnegative()
  .nullable()
  .describe('Upper bound that holds for every record; null where this accountant finds none');

const privacySchema = z.strictObject({
  epsilon: epsilon.describe('The claim: what the chosen accountant bounds; null where it finds none'),
  delta: z.number().min(0).max(1),
  accountant: z.enum(['pld', 'rdp', 'rdp-classic']),
  epsilons: z.strictObject({ pld: epsilon, rdp: epsilon, 'rdp-classic': epsilon }),
  noiseMultiplier: z
    .number()
    .nonnegative()
    .describe('Deviation of the noise on the sum of a step, in clip norms'),
  clipNorm: z.number().positive(),
  sampleRate: z.number().min(0).max(1).describe('Probability with which a step takes a record'),
  steps: count,
  records: count,
  neighbours: z.literal('add or remove one record'),
});

const generatorSchema = z.strictObject({
  auxiliaryRecords: count.describe('Records of the attacker that it was trained on'),
  epochs: count,
  guided: z.boolean().describe('Whether the target’s own answers said which class they are of'),
});

const attributeSchema = z.strictObject({
  name,
  kind: z
    .enum(['binary', 'categorical', 'ordinal', 'continuous'])
    .describe('One of two categories, of several, of several in order, or a number'),
  categories: z.array(name).min(2).optional().describe('What can be guessed; absent for a number'),
  auxiliaryRecords: count.describe('Records of the attacker of which it is known'),
});

const copySchema = z.strictObject({
  architecture: name,
  pool: name.describe(
    'What the attacker asked about: shadow, partial, uniform (made up at random), generator, or a data set by its name',
  ),
  poolRecords: count
    .nullable()
    .describe('Records that he could choose from; null where he makes up as many as he likes'),
});

const budgetPointSchema = z.strictObject({
  queries: count,
  cost: z.number().nonnegative().nullable().describe('Of the queries; null where no price is given'),
  seconds: z.number().nonnegative().nullable().describe('That the queries take; null where no rate is given'),
  metrics: metricsSchema,
});

const throughSchema = z.strictObject({
  attack: name,
  params,
  queries: count.describe('That the copy cost; the attack itself asks the target nothing'),
});

const pictureSchema = z
  .union([
    z.strictObject({
      png: z
        .string()
        .regex(/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/)
        .describe('A PNG file in base64'),
    }),
    z.strictObject({
      values: z.array(z.strictObject({ name, value: z.union([z.number(), z.string()]) })),
    }),
  ])
  .describe('A record to look at: a picture, or the values of a table row');

const galleryEntrySchema = z.strictObject({
  class: name,
  confidence: z.number().min(0).max(1).describe("The target's, that the reconstruction is of this class"),
  reconstruction: pictureSchema,
  nearestMember: pictureSchema
    .nullable()
    .describe('A training record of the class; null where there is none'),
  nearestNonMember: pictureSchema
    .nullable()
    .describe('A record of the class that the target was not trained on; null where there is none'),
  metrics: metricsSchema.describe('Of this reconstruction alone'),
});

const exposedSchema = z.strictObject({
  record: count.describe('Its number in the data set, as in the files of scores'),
  row: name
    .optional()
    .describe('Where the owner finds it, as "members.csv, row 17"; absent where that is not known'),
  class: name,
  score: z.number().describe('Of the attack: the higher, the surer that the record was trained on'),
  falsePositives: count.describe('Non-members that score at least as high'),
  picture: pictureSchema.optional().describe('The record itself; only where it was asked for'),
});

export const FACTORS = [
  'overfitClass',
  'smallClass',
  'meanDistance',
  'localOutlier',
  'otherClassNear',
  'labelDisagreement',
  'duplicates',
  'nearDuplicates',
] as const;

const factorSchema = z.strictObject({
  name: z
    .enum(FACTORS)
    .describe(
      'Of a record: train less test accuracy of its class, measured on other records; rarity of its class; mean distance to its nearest other members, also relative to theirs (LOF); distance to its own class over that to another; share of other labels among its nearest; records equal to it, and nearly so',
    ),
  members: metricSchema.optional().describe('Rank correlation with the score among members'),
  nonMembers: metricSchema.optional().describe('The same among non-members, who expose nothing'),
  exposure: metricSchema
    .optional()
    .describe(
      'Correlation with the share of non-members alike in the factor that a member outscores: 0 where membership shows alike whatever the factor',
    ),
  lowest: metricSchema.optional().describe('AUC among those with least of it, a tenth where values allow it'),
  highest: metricSchema.optional().describe('AUC among those with most of it'),
  top: z
    .strictObject({
      members: count,
      share: z.number().min(0).max(1),
      exposed: count,
      lift: metricSchema,
      others: z.strictObject({ records: count, top: count }),
    })
    .optional()
    .describe(
      'Members with most of it, a tenth where values allow it: how many are among the most exposed, times as many as by chance; and of the non-members that score as high',
    ),
  pValue: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('That exposure has nothing to do with it, adjusted for all factors of the attack (Holm)'),
  explains: z
    .enum(['more', 'less'])
    .optional()
    .describe('Whether more or less of it goes with exposure, at 5 %; absent where it explains nothing'),
});

const factorsSchema = z.strictObject({
  records: recordCounts.describe('Records that were looked at'),
  mostExposed: recordCounts
    .optional()
    .describe(
      'The members that score highest, 1 % and 20 at least, and the non-members that score as high; absent where scores do not tell them apart',
    ),
  factors: z.array(factorSchema),
  sentence: name.describe('What the most exposed records have in common, in plain words'),
});

const notRunSchema = z.strictObject({
  attack: z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/),
  why: name.describe('What it would need, or why it is not run unasked'),
});

const rocSchema = z
  .strictObject({
    fpr: z.array(z.number().min(0).max(1)),
    tpr: z.array(z.number().min(0).max(1)),
  })
  .refine((roc) => roc.fpr.length === roc.tpr.length && isAscending(roc.fpr) && isAscending(roc.tpr), {
    message: 'fpr and tpr must be equally long and never fall',
  });

/**
 * From the least to the most worrying; `inconclusive` means that the sample leaves room for a moderate leak, or that
 * members and non-members differ without the model.
 */
export const LEVELS = ['none-found', 'inconclusive', 'low', 'moderate', 'high'] as const;

export const verdictSchema = z.strictObject({
  level: z.enum(LEVELS),
  reason: z
    .enum(['shifted-split'])
    .optional()
    .describe(
      'Why the figures decide nothing: members and non-members can be told apart without the model. Absent when they decide',
    ),
  finding: z
    .enum(['correlation', 'population', 'training-records'])
    .optional()
    .describe(
      'Of an attribute attack: what shows the attribute. A correlation that needs no model; the model, of anybody; the model, more of its training records. Absent where that cannot be told',
    ),
  sentence: name.describe('The finding in plain words, with its numbers'),
  advice: z.array(name).describe('What to do, most useful first'),
});

export const resultSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*@(black|white)-box,(none|shadow|partial|other)#[0-9a-f]{4,64}$/)
    .describe('attack@access,auxiliary#digest: the same for the same question in every run'),
  attack: z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/),
  threatModel: threatModelSchema,
  source: name.describe('The paper the attack comes from'),
  params,
  defense: z
    .strictObject({
      name,
      params,
      adaptive: z
        .literal(false)
        .optional()
        .describe('Set when the attacker does not know of it: his own models are trained without it'),
    })
    .describe('name "none" when undefended'),
  seed: z.number().int().nonnegative(),
  references: referencesSchema.describe('Models that the attacker trained'),
  generator: generatorSchema
    .optional()
    .describe('What the attacker trained to make records that look real; absent where the attack wants none'),
  reconstructions: z
    .strictObject({ count, classes: count })
    .optional()
    .describe('Of an inversion: how many records the attacker made, of how many classes'),
  attribute: attributeSchema
    .optional()
    .describe('Of an attribute attack: what was guessed, and how many records the attacker knew it of'),
  copy: copySchema.optional().describe('Of a stealing attack: what the copy is, and what it was learnt on'),
  through: throughSchema
    .optional()
    .describe('Of an attack on a stolen copy in place of the target: how the copy was got'),
  privacy: privacySchema
    .optional()
    .describe(
      'Of a one-run audit of a private training: what accountants bound of the model that was audited',
    ),
  queries: count.describe('Records sent to the target by the attacker'),
  records: recordCounts.describe('Records the attack was judged on, or reconstructions were compared with'),
  metrics: metricsSchema,
  curves: z.strictObject({
    roc: rocSchema.optional(),
    budget: z
      .array(budgetPointSchema)
      .min(1)
      .optional()
      .describe('Of a stealing attack: what so many queries buy, ascending; `metrics` are those of the last'),
  }),
  slices: z.array(
    z.strictObject({
      by: name.describe('What the records were grouped by, as "class"'),
      value: name,
      records: recordCounts,
      metrics: metricsSchema,
    }),
  ),
  baselines: z.array(
    z.strictObject({
      name: name.describe('What a trivial attacker reaches, as "correctness alone"'),
      metrics: metricsSchema,
    }),
  ),
  gallery: z
    .array(galleryEntrySchema)
    .optional()
    .describe('Of an inversion: reconstructions to look at, with the records nearest to them'),
  exposed: z
    .array(exposedSchema)
    .max(MOST_EXPOSED)
    .optional()
    .describe('Of a membership attack: the members it is surest of, the surest first'),
  factors: factorsSchema
    .optional()
    .describe(
      'Of a membership attack: what the members it finds have in common; only where it was asked for',
    ),
  artifacts: z.array(
    z.strictObject({
      path: name.describe('Relative to the folder of the report'),
      kind: name,
      sha256,
      containsTrainingRecords: z.boolean(),
    }),
  ),
  verdict: verdictSchema,
  notes: z.array(name),
});

export const holeSchema = z.strictObject({
  task: name.describe('Label of the task that failed'),
  code: name,
  message: name,
  hint: z.string(),
  blocked: z.array(name).describe('Labels of the tasks that could not run because of it'),
});

export const reportSchema = z
  .strictObject({
    schema: z.literal(REPORT_SCHEMA_ID),
    name: name.optional().describe('Title that the configuration gives'),
    tool: z.strictObject({ name, version: name }),
    command: name.describe('Command that gives this report again; without paths and number of workers'),
    config: params.describe(
      'The whole configuration: saved as a file, ml-doctor audit FILE gives this report again',
    ),
    seed: z.number().int().nonnegative(),
    target: z.strictObject({
      name,
      task: z.literal('classification'),
      classes: z.number().int().min(2),
      sha256: sha256.optional().describe('Of the file, where a file is audited'),
      parameters: count.nullable().describe('Trainable numbers in the model; null when it cannot be opened'),
      trainAccuracy: metricSchema.nullable().describe('Null when labels are missing'),
      testAccuracy: metricSchema.nullable(),
      privacy: privacySchema
        .optional()
        .describe('Of a training with differential privacy: what accountants bound'),
      notes: z.array(name).optional().describe('What a reader must know of how it was trained'),
      warnings: z.array(name).optional().describe('What is wrong with how it was trained'),
    }),
    data: z.strictObject({
      id: name,
      source: name,
      licence: name,
      contentHash: sha256,
      splits: z.record(z.string(), count).describe('Records by role, as target-train (the members)'),
      complexity: z
        .strictObject({
          nearestNeighbourError: metricSchema.describe(
            'Share of members whose nearest other member is of another class (Euclidean distance of model inputs)',
          ),
          bitsPerValue: z.number().nonnegative().describe('Of records compressed one by one by deflate'),
          bitsStored: count.describe('That a value takes as it is kept'),
          records: count.describe('Members that were judged'),
          reference: count.describe('Members among which the nearest was looked for'),
        })
        .optional()
        .describe('How complex the data is; only where factors were asked for'),
    }),
    results: z.array(resultSchema),
    notRun: z
      .array(notRunSchema)
      .optional()
      .describe(
        'Attacks that nobody asked for and that were not run; absent where a configuration names them',
      ),
    holes: z.array(holeSchema),
  })
  .superRefine((report, context) => {
    const seen = new Set<string>();
    report.results.forEach((result, index) => {
      if (seen.has(result.id)) {
        context.addIssue({
          code: 'custom',
          path: ['results', index, 'id'],
          message: `${result.id} occurs twice`,
        });
      }
      seen.add(result.id);
    });
  });

/** Reports are passed around, never changed. */
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Metric = DeepReadonly<z.infer<typeof metricSchema>>;
export type ThreatModel = DeepReadonly<z.infer<typeof threatModelSchema>>;
export type References = DeepReadonly<z.infer<typeof referencesSchema>>;
export type Level = (typeof LEVELS)[number];
export type Verdict = DeepReadonly<z.infer<typeof verdictSchema>>;
export type Picture = DeepReadonly<z.infer<typeof pictureSchema>>;
export type GalleryEntry = DeepReadonly<z.infer<typeof galleryEntrySchema>>;
export type Exposed = DeepReadonly<z.infer<typeof exposedSchema>>;
export type Factors = DeepReadonly<z.infer<typeof factorsSchema>>;
export type Factor = DeepReadonly<z.infer<typeof factorSchema>>;
export type FactorName = (typeof FACTORS)[number];
export type Privacy = DeepReadonly<z.infer<typeof privacySchema>>;
export type Generator = DeepReadonly<z.infer<typeof generatorSchema>>;
export type Copy = DeepReadonly<z.infer<typeof copySchema>>;
export type BudgetPoint = DeepReadonly<z.infer<typeof budgetPointSchema>>;
export type Through = DeepReadonly<z.infer<typeof throughSchema>>;
export type Attribute = DeepReadonly<z.infer<typeof attributeSchema>>;
export type Roc = DeepReadonly<z.infer<typeof rocSchema>>;
export type Result = DeepReadonly<z.infer<typeof resultSchema>>;
export type Hole = DeepReadonly<z.infer<typeof holeSchema>>;
export type NotRun = DeepReadonly<z.infer<typeof notRunSchema>>;
export type Report = DeepReadonly<z.infer<typeof reportSchema>>;

/** JSON Schema (draft 2020-12) of `report.json`, for readers in other languages. Keeps every rule but intervals, monotony and unique ids. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema);
  return { $schema, $id: REPORT_SCHEMA_ID, title: 'ML-Doctor audit report', ...rest };
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || values[i - 1]! <= value);
}
