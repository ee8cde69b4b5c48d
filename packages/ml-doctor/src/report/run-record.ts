/** The shape of `run.json`: when, where and how long; everything about a run that may differ while its findings are the same. */

import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { z } from 'zod';
import { toCanonicalJson } from './canonical.ts';

export const RUN_SCHEMA_ID = 'ml-doctor/run@1';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();

const hostSchema = z.strictObject({
  platform: z.string(),
  release: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
});

export const runSchema = z.strictObject({
  schema: z.literal(RUN_SCHEMA_ID),
  of: z
    .enum(['audit', 'study'])
    .optional()
    .describe('What the run ended with: report.json or study.json. Set when the file is written'),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seconds,
  host: hostSchema,
  node: z.string(),
  onnxruntime: z.string(),
  workers: count,
  tasks: z.strictObject({ ran: count, cached: count, failed: count, blocked: count }),
  estimate: z
    .strictObject({
      seconds: seconds.describe('What running the tasks was expected to take'),
      took: seconds.describe('What it took'),
      unknown: count.describe('Tasks whose time nothing told beforehand; left out of the estimate'),
    })
    .optional()
    .describe(
      'Estimate and truth, without reading data, measuring the machine and writing reports; absent when nothing ran',
    ),
  trainings: z
    .record(z.string(), seconds)
    .optional()
    .describe(
      'Seconds that the target of an audit took to train, with all it learnt from, by the audit’s id; of a study, where known',
    ),
});

export type Run = z.infer<typeof runSchema>;
export type Host = z.infer<typeof hostSchema>;

/** Facts that explain a timing; the name of the machine and of its user are left out, as reports get passed on. */
export function describeHost(): Host {
  return {
    platform: platform(),
    release: release(),
    arch: process.arch,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** `run.json` as text. */
export function runToJson(run: Run): string {
  return toCanonicalJson(runSchema, run, 'run');
}
