/** Reads reports and runs back from their folder, believing nothing that the schemas do not say. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AuditError } from '../errors.ts';
import { readRegular } from '../files/regular-file.ts';
import { systemReason } from '../files/system-error.ts';
import { type Run, runSchema } from './run-record.ts';
import { REPORT_SCHEMA_ID, type Report, reportSchema } from './schema.ts';

/** @throws AuditError MLD_REPORT_MISSING without a `report.json`, MLD_REPORT_INVALID when it is no report of ours. */
export async function readReport(dir: string): Promise<Report> {
  const path = join(dir, 'report.json');
  const text = await readText(path);
  if (text === undefined) {
    throw new AuditError(
      'MLD_REPORT_MISSING',
      `no report at ${path}`,
      'Name the folder that an audit wrote with --out.',
    );
  }
  return parse(path, text, reportSchema, REPORT_SCHEMA_ID);
}

/**
 * The run beside the report or study; undefined when there is none, as they may travel without it, or when it is that of
 * the other of the two.
 */
export async function readRun(dir: string, of: Kind): Promise<Run | undefined> {
  const run = await readAnyRun(dir);
  return run?.of === undefined || run.of === of ? run : undefined;
}

async function readAnyRun(dir: string): Promise<Run | undefined> {
  const path = join(dir, 'run.json');
  const text = await readText(path);
  return text === undefined ? undefined : parse(path, text, runSchema, runSchema.shape.schema.value);
}

type Kind = NonNullable<Run['of']>;

/**
 * What a folder holds: the report of an audit or a study; of both, the one written last.
 *
 * @throws AuditError MLD_REPORT_MISSING when it holds neither.
 */
export async function kindIn(dir: string): Promise<Kind> {
  const audit = join(dir, 'report.json');
  const study = join(dir, 'study.json');
  const [hasAudit, hasStudy] = await Promise.all([exists(audit), exists(study)]);
  if (hasAudit && hasStudy) return (await readAnyRun(dir))?.of ?? 'audit';
  if (hasAudit) return 'audit';
  if (hasStudy) return 'study';
  throw new AuditError(
    'MLD_REPORT_MISSING',
    `no report at ${audit}, and no study at ${study}`,
    'Name the folder that an audit or a study wrote with --out.',
  );
}

/** Also of what may not be looked at; reading it says why. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );
}

/** Undefined when there is no such file. @throws AuditError MLD_REPORT_INVALID when it cannot be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readRegular(path)).toString('utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new AuditError(
      'MLD_REPORT_INVALID',
      `cannot read ${path}: ${systemReason(cause)}`,
      'Check that it is a file you may read.',
      { cause },
    );
  }
}

/** @throws AuditError MLD_REPORT_INVALID unless the text is JSON of this schema. */
export function parse<T>(path: string, text: string, schema: z.ZodType<T>, id: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AuditError('MLD_REPORT_INVALID', `${path} is not JSON: ${(cause as Error).message}`, REPAIR, {
      cause,
    });
  }
  const found = (value as { schema?: unknown } | null)?.schema;
  if (found !== id) {
    throw new AuditError(
      'MLD_REPORT_INVALID',
      `${path} has schema ${JSON.stringify(found) ?? 'none'}, not "${id}"`,
      REPAIR,
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new AuditError(
    'MLD_REPORT_INVALID',
    `${path} at ${first?.path.join('.') || 'top'}: ${first?.message}`,
    REPAIR,
  );
}

const REPAIR =
  'Run the audit or study that wrote it again, with the same --out: finished work is taken from the store.';
