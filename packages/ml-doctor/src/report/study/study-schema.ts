/** The shape of `study.json` (`ml-doctor/study@1`): what the audits of a grid found, side by side; each has its own report. */

import { z } from 'zod';
import { toCanonicalJson } from '../canonical.ts';
import { LEVELS, metricSchema, metricsSchema, reportSchema, resultSchema, verdictSchema } from '../schema.ts';

export const STUDY_SCHEMA_ID = 'ml-doctor/study@1';

const report = reportSchema.shape;
const { params } = resultSchema.shape;
const name = z.string().min(1);

/** What an axis of the grid is at: a name, and everything else that was chosen there. */
const choiceSchema = z.strictObject({ name, params });
const defenseSchema = resultSchema.shape.defense;

const changeSchema = z
  .strictObject({
    from: name.describe('Id of the undefended audit'),
    metrics: metricsSchema.describe('Headline metrics, defended less undefended'),
  })
  .describe('What the defence changed; absent where there is no undefended counterpart');

const accuracyChangeSchema = z
  .strictObject({
    from: name.describe('Id of the undefended audit'),
    metric: metricSchema.describe('Defended less undefended, on the same records'),
  })
  .describe('What the defence changed of the test accuracy; absent where there is no undefended counterpart');

const overSeedsSchema = z.strictObject({
  mean: metricSchema.describe('Over seeds; the interval covers both sampling and seed'),
  spread: z.number().nonnegative().nullable().describe('Standard deviation of the values between seeds'),
  seeds: z.number().int().min(2).describe('Values it is made of'),
});

export const studyAuditSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/)
      .describe('Also the name of its folder'),
    report: name.describe('Its report, relative to the folder of the study: audits/ID/report.json'),
    data: choiceSchema.describe('Data set, with how its records got their roles'),
    model: choiceSchema.describe('Architecture, with how it was trained'),
    defense: defenseSchema,
    seed: report.seed,
    trainAccuracy: report.target.shape.trainAccuracy,
    testAccuracy: report.target.shape.testAccuracy,
    testAccuracyChange: accuracyChangeSchema.optional(),
    privacy: report.target.shape.privacy
      .unwrap()
      .pick({ epsilon: true, delta: true })
      .optional()
      .describe('Of a training with differential privacy: the claim'),
    results: z.array(
      resultSchema
        .pick({ id: true, attack: true, threatModel: true, params: true, references: true })
        .extend(resultSchema.pick({ attribute: true, through: true, queries: true }).partial().shape)
        .extend({
          metrics: resultSchema.shape.metrics,
          change: changeSchema.optional(),
          level: z.enum(LEVELS),
          ...verdictSchema.pick({ reason: true, finding: true }).shape,
        }),
    ),
    holes: z.number().int().nonnegative().describe('Failed tasks that this audit lacks'),
  })
  .refine((audit) => audit.report === reportPath(audit.id), {
    path: ['report'],
    message: 'must be audits/ID/report.json',
  });

export const studyRepeatSchema = z.strictObject({
  data: choiceSchema,
  model: choiceSchema,
  defense: defenseSchema,
  ...resultSchema.pick({ attack: true, threatModel: true, params: true, attribute: true, through: true })
    .shape,
  seeds: z.array(report.seed).min(2).describe('Of the audits with a result, ascending'),
  metrics: z
    .record(z.string(), overSeedsSchema)
    .describe(
      'Headline metrics, as far as measured: tprAtFpr0.01, auc, judgeAccuracy, accuracyGain, agreement and the like',
    ),
  changes: z
    .record(z.string(), overSeedsSchema)
    .optional()
    .describe('Of the headline metrics, defended less undefended, over the seeds that have both'),
});

export const studySchema = z
  .strictObject({
    schema: z.literal(STUDY_SCHEMA_ID),
    name: report.name.describe('Title that the configuration gives'),
    tool: report.tool,
    command: name.describe('Command that gives this study again; without paths and number of workers'),
    config: params.describe(
      'The whole configuration: saved as a file, ml-doctor study FILE gives this again',
    ),
    audits: z.array(studyAuditSchema).describe('In the order of the grid'),
    repeats: z
      .array(studyRepeatSchema)
      .describe('Attacks on targets that differ in nothing but the seed; none where nothing was repeated'),
    holes: report.holes.describe('Failed tasks, each once however many audits needed it'),
  })
  .superRefine((study, context) => {
    const refuse = (path: (string | number)[], id: string) =>
      context.addIssue({ code: 'custom', path, message: `${id} occurs twice` });
    const ids = new Set<string>();
    study.audits.forEach(({ id, results }, index) => {
      // Folders that differ in case alone are one folder on some systems.
      const folder = id.toLowerCase();
      if (ids.has(folder)) refuse(['audits', index, 'id'], id);
      ids.add(folder);
      const questions = new Set<string>();
      results.forEach((result, at) => {
        if (questions.has(result.id)) refuse(['audits', index, 'results', at, 'id'], result.id);
        questions.add(result.id);
      });
    });
  });

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type StudyReport = DeepReadonly<z.infer<typeof studySchema>>;
export type StudyAudit = StudyReport['audits'][number];
export type StudyRepeat = StudyReport['repeats'][number];
export type StudyResult = StudyAudit['results'][number];

/** Where a study keeps an audit's report, relative to its own folder. */
export function reportPath(id: string): string {
  return `audits/${id}/report.json`;
}

/**
 * `study.json` as text, by the rules of `report.json`.
 *
 * @throws Error starting `internal:` when the study breaks its own schema.
 */
export function studyToJson(study: StudyReport): string {
  return toCanonicalJson(studySchema, study, 'study');
}

/** JSON Schema (draft 2020-12) of `study.json`. Keeps every rule but intervals, unique ids and where reports lie. */
export function studyJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(studySchema);
  return { $schema, $id: STUDY_SCHEMA_ID, title: 'ML-Doctor study', ...rest };
}
