/** A folder as `ml-doctor study` leaves it, of a sample. */

import { mkdir } from 'node:fs/promises';
import type { StudySource } from '../../src/analysis/evidence/evidence.ts';
import { writeStudy } from '../../src/report/study/write-study.ts';
import { sampleRun } from '../report/sample-report.ts';

export async function writeSampleStudy(
  dir: string,
  { study, reports, onnxruntime = '1.23.2' }: StudySource,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const named = study.audits.map(({ id }) => ({ id, report: reports.get(id)! }));
  await writeStudy(dir, study, named, { ...sampleRun(), onnxruntime });
}
