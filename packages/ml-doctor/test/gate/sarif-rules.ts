/** What SARIF 2.1.0 (OASIS) and code scanning demand of a log, by the sections of the specification. */

import { z } from 'zod';

const message = z.strictObject({ text: z.string().min(1) });
const bag = z.record(z.string(), z.json());
/** RFC 3986, section 4.1: no white space, controls or marks that a path must encode. */
const uri = z
  .string()
  .regex(/^[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+$/)
  .refine((text) => !/%(?![0-9A-F]{2})/.test(text));
const level = z.enum(['none', 'note', 'warning', 'error']);

/** 3.49 */
const rule = z.strictObject({
  id: z.string().min(1),
  name: z.string().regex(/^([A-Z][a-z0-9]*)+$/),
  shortDescription: message,
  fullDescription: message,
  help: message,
  defaultConfiguration: z.strictObject({ level }),
});

/** 3.27; code scanning refuses a result without a location. */
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level: z.enum(['note', 'warning', 'error']),
  message,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri }),
          region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1).optional() }),
        }),
      }),
    )
    .min(1),
  partialFingerprints: z.record(z.string(), z.string()),
  properties: bag.optional(),
});

const log = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({ name: z.string().min(1), version: z.string().min(1), rules: z.array(rule) }),
      }),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z
            .array(z.strictObject({ descriptor: z.strictObject({ id: z.string() }), level, message }))
            .optional(),
        }),
      ]),
      results: z.array(result),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      properties: bag,
    }),
  ]),
});

/** The one run of a log; throws on whatever breaks the specification. */
export function readSarif(text: string): z.infer<typeof log>['runs'][0] {
  const [run] = log.parse(JSON.parse(text)).runs;
  const { rules } = run.tool.driver;
  if (new Set(rules.map(({ id }) => id)).size < rules.length) throw new Error('3.19.23: a rule twice');
  for (const { ruleId, ruleIndex } of run.results)
    if (rules[ruleIndex]?.id !== ruleId) throw new Error('3.27.6: an index of another rule');
  const prints = run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  if (new Set(prints).size < prints.length) throw new Error('3.27.17: two results that look like one');
  return run;
}
