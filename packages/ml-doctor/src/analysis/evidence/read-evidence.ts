/** Reads the folders that studies wrote. */

import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { readReport, readRun } from '../../report/read.ts';
import { readStudy } from '../../report/study/read-study.ts';
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
  const seen = new Map<string, string>();
  const sources: StudySource[] = [];
  for (const { name, dir } of folders) {
    const source = await readSource(name, dir);
    const place = await realpath(dir);
    if (seen.has(place))
      throw new AuditError('MLD_USAGE', `${dir} is named twice`, 'Name each folder of a study once.');
    seen.set(place, name);
    sources.push(source);
  }
  return sources;
}

async function readSource(name: string, dir: string): Promise<StudySource> {
  const study = await readStudy(dir);
  const run = await readRun(dir, 'study');
  const reports: StudySource['reports'] extends ReadonlyMap<infer K, infer V> ? [K, V][] : never = [];
  for (let next = 0; next < study.audits.length; next += AT_ONCE)
    reports.push(
      ...(
        await Promise.all(
          study.audits
            .slice(next, next + AT_ONCE)
            .map(async ({ id, report }) => [id, await readReport(dirname(join(dir, report)))] as const),
        )
      ).map(([id, report]): [typeof id, typeof report] => [id, report]),
    );
  return {
    ...{ name, study, reports: new Map(reports) },
    ...(run !== undefined && { onnxruntime: run.onnxruntime }),
  };
}
