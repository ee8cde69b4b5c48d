/** Reads the folders that studies wrote. */

import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { readReport, readRun } from '../../report/read.ts';
import type { Report } from '../../report/schema.ts';
import { readStudy } from '../../report/study/read-study.ts';
import type { StudyReport } from '../../report/study/study-schema.ts';
import type { StudySource } from './evidence.ts';

/** Reports read side by side: disks answer slowly, but to many at a time. */
const AT_ONCE = 16;

/**
 * @param folders absolute, each with the name it has in messages
 * @throws {AuditError} MLD_REPORT_MISSING and MLD_REPORT_INVALID; MLD_USAGE for one folder named twice
 */
export async function readEvidence(
  folders: readonly { readonly name: string; readonly dir: string }[],
): Promise<readonly StudySource[]> {
  const seen = new Set<string>();
  const sources: StudySource[] = [];
  for (const { name, dir } of folders) {
    const study = await readStudy(dir);
    const place = await realpath(dir);
    if (seen.has(place))
      throw new AuditError('MLD_USAGE', `${dir} is named twice`, 'Name each folder of a study once.');
    seen.add(place);
    const run = await readRun(dir, 'study');
    sources.push({
      ...{ name, study, reports: await readReports(dir, study) },
      ...(run !== undefined && { onnxruntime: run.onnxruntime }),
    });
  }
  return sources;
}

async function readReports(dir: string, { audits }: StudyReport): Promise<StudySource['reports']> {
  const reports = new Map<string, Report>();
  for (let next = 0; next < audits.length; next += AT_ONCE) {
    const some = audits.slice(next, next + AT_ONCE);
    const read = await Promise.all(some.map(({ report }) => reportOf(dir, report)));
    for (const [i, { id }] of some.entries()) reports.set(id, read[i] as Report);
  }
  return reports;
}

async function reportOf(dir: string, path: string): Promise<Report> {
  try {
    return await readReport(dirname(join(dir, path)));
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'MLD_REPORT_MISSING') throw error;
    throw new AuditError(
      error.code,
      `the study in ${dir} names ${path}, which is not there`,
      'Run the study again with the same --out: what is finished is in its store.',
    );
  }
}
