/** Reads a study back from its folder. */

import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { parse, readText } from '../read.ts';
import { STUDY_SCHEMA_ID, type StudyReport, studySchema } from './study-schema.ts';

/** @throws AuditError MLD_REPORT_MISSING without a `study.json`, MLD_REPORT_INVALID when it is no study of ours. */
export async function readStudy(dir: string): Promise<StudyReport> {
  const path = join(dir, 'study.json');
  const text = await readText(path);
  if (text === undefined) {
    throw new AuditError(
      'MLD_REPORT_MISSING',
      `no study at ${path}`,
      'Name the folder that a study wrote with --out.',
    );
  }
  return parse(path, text, studySchema, STUDY_SCHEMA_ID);
}
