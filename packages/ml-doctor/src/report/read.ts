/** Reads a report back from its folder, believing nothing that the schema does not say. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AuditError } from '../errors.ts';
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

/** The run beside a report; undefined when there is none, as reports may travel without it. */
export async function readRun(dir: string): Promise<Run | undefined> {
  const path = join(dir, 'run.json');
  const text = await readText(path);
  return text === undefined ? undefined : parse(path, text, runSchema, runSchema.shape.schema.value);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
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

function parse<T>(path: string, text: string, schema: z.ZodType<T>, id: string): T {
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

const REPAIR = 'Run the audit again with the same --out; finished work is taken from the store.';
