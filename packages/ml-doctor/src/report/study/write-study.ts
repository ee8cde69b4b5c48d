/** A study's folder: every audit's report in a folder of its own, and the study over them. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../files/atomic-write.ts';
import { unwritable } from '../../files/system-error.ts';
import { canonicalValue, reportToJson } from '../canonical.ts';
import { renderHtml } from '../html/page.ts';
import { type Run, runSchema, runToJson } from '../run-record.ts';
import { reportSchema } from '../schema.ts';
import { clearLeftovers, writeFiles, writeReportFiles } from '../write.ts';
import { matricesOf } from './matrix/matrix.ts';
import { matrixToCsv } from './matrix/matrix-csv.ts';
import { matrixToLatex } from './matrix/matrix-latex.ts';
import { studyToCsv } from './study-csv.ts';
import { renderStudyHtml } from './study-html.ts';
import { type StudyReport, studySchema, studyToJson } from './study-schema.ts';
import type { NamedReport } from './summarise-study.ts';

/** Audits written side by side: disks answer slowly, but to many at a time. */
const AT_ONCE = 8;

/** Only a study with two defences or more has them. */
const MATRIX_FILES = ['matrix.csv', 'matrix.tex'] as const;

/**
 * Writes `audits/ID/artifacts/`, `report.html` and `report.json` of every audit, then `run.json`, `matrix.csv` and `matrix.tex`
 * where there is a matrix, `study.csv`, `study.html` and, last, `study.json` into an existing folder; returns their paths. Folders are 0700, files 0600 and each replaced at once.
 *
 * What earlier studies left under `audits/` stays: `study.json` says which audits count. Should writing fail, reports
 * that were written already are whole, and `study.json` is the former one, if any.
 *
 * @throws AuditError MLD_OUTPUT_UNWRITABLE
 */
export async function writeStudy(
  dir: string,
  study: StudyReport,
  reports: readonly NamedReport[],
  run: Run,
): Promise<{
  json: string;
  html: string;
  csv: string;
  run: string;
  audits: string;
  matrix?: { csv: string; tex: string };
}> {
  const checked = canonicalValue(studySchema, study, 'study');
  checkSameAudits(checked, reports);
  const matrices = matricesOf(checked, canonicalValue(runSchema, run, 'run'));
  const files = [
    ['run.json', runToJson({ ...run, of: 'study' })],
    ...(matrices.length > 0
      ? ([
          ['matrix.csv', matrixToCsv(matrices)],
          ['matrix.tex', matrixToLatex(matrices)],
        ] as const)
      : []),
    ['study.csv', studyToCsv(checked)],
    ['study.html', renderStudyHtml(checked, canonicalValue(runSchema, run, 'run'))],
    ['study.json', studyToJson(checked)],
  ] as const;
  for (let next = 0; next < reports.length; next += AT_ONCE) {
    // Settled, so that nothing is still being written when an error is told.
    const ended = await Promise.allSettled(
      reports.slice(next, next + AT_ONCE).map((named) => writeAudit(dir, named)),
    );
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
  await writeFiles(dir, files);
  // Those of an earlier study would be taken for this one's.
  if (matrices.length === 0) for (const name of MATRIX_FILES) await remove(join(dir, name));
  const at = (name: string) => join(dir, name);
  return {
    json: at('study.json'),
    html: at('study.html'),
    csv: at('study.csv'),
    run: at('run.json'),
    audits: at('audits'),
    ...(matrices.length > 0 && { matrix: { csv: at('matrix.csv'), tex: at('matrix.tex') } }),
  };
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw unwritable(path, cause, '--out');
  }
}

/** Without its own run: the study's tells of the work for all of them. */
async function writeAudit(dir: string, { id, report, files = [] }: NamedReport): Promise<void> {
  const folder = join(dir, 'audits', id);
  const html = await renderHtml(canonicalValue(reportSchema, report, 'report'));
  const json = reportToJson(report);
  try {
    await makeFolders(folder);
    await clearLeftovers(folder);
  } catch (cause) {
    throw unwritable(folder, cause, '--out');
  }
  await writeReportFiles(folder, files);
  await writeFiles(folder, [
    ['report.html', html],
    ['report.json', json],
  ]);
}

function checkSameAudits(study: StudyReport, reports: readonly NamedReport[]): void {
  const named = study.audits.map(({ id }) => id).join();
  const given = reports.map(({ id }) => id).join();
  if (named !== given) throw new Error('internal: the reports are not those of the study');
}
