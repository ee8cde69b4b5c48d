/** What a folder of reports can be rendered as. */

import { join, relative } from 'node:path';
import { reportToJson } from '../report/canonical.ts';
import { renderHtml } from '../report/html/page.ts';
import { kindIn, readReport, readRun } from '../report/read.ts';
import type { Run } from '../report/run-record.ts';
import { matricesOf } from '../report/study/matrix/matrix.ts';
import { matrixToCsv } from '../report/study/matrix/matrix-csv.ts';
import { matrixToLatex } from '../report/study/matrix/matrix-latex.ts';
import { readStudy } from '../report/study/read-study.ts';
import { studyToCsv } from '../report/study/study-csv.ts';
import { renderStudyHtml } from '../report/study/study-html.ts';
import { studyToJson } from '../report/study/study-schema.ts';
import { renderStudyTerminal } from '../report/study/study-terminal.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Format } from './report.ts';

/** What a folder holds, ready to be rendered: the files of each format; one that is left out does not exist for it. */
interface Renderable {
  readonly of: 'one audit' | 'a study' | 'a study without a matrix';
  readonly as: Readonly<Partial<Record<Format, () => readonly File[] | Promise<readonly File[]>>>>;
}

type File = readonly [name: string, content: string];

/** @param dir absolute */
export const renderableIn = async (dir: string): Promise<Renderable> =>
  (await kindIn(dir)) === 'study' ? loadStudy(dir) : loadAudit(dir);

async function loadAudit(dir: string): Promise<Renderable> {
  const report = await readReport(dir);
  const run = await readRun(dir, 'audit');
  return {
    of: 'one audit',
    as: {
      html: async () => [['report.html', await renderHtml(report, run)]],
      json: () => [['report.json', reportToJson(report)]],
      txt: () => [['report.txt', renderTerminal(report, plain(run))]],
      md: async () => {
        const { reportToMarkdown } = await import('../report/formats/report-markdown.ts');
        return [['report.md', reportToMarkdown(report)]];
      },
      csv: async () => {
        const { reportToCsv } = await import('../report/formats/report-csv.ts');
        return [['report.csv', reportToCsv(report)]];
      },
      latex: async () => {
        const { reportToLatex } = await import('../report/formats/report-latex.ts');
        return [['report.tex', reportToLatex(report)]];
      },
      junit: async () => {
        const { reportToJunit } = await import('../report/formats/report-junit.ts');
        return [['report.junit.xml', reportToJunit(report)]];
      },
      sarif: async () => {
        const { reportToSarif } = await import('../report/formats/report-sarif.ts');
        return [['report.sarif', reportToSarif(report, relative('', join(dir, 'report.json')))]];
      },
    },
  };
}

async function loadStudy(dir: string): Promise<Renderable> {
  const study = await readStudy(dir);
  const run = await readRun(dir, 'study');
  const matrices = matricesOf(study, run);
  const hasMatrix = matrices.length > 0;
  return {
    of: hasMatrix ? 'a study' : 'a study without a matrix',
    as: {
      html: () => [['study.html', renderStudyHtml(study, run)]],
      json: () => [['study.json', studyToJson(study)]],
      txt: () => [['study.txt', renderStudyTerminal(study, plain(run))]],
      csv: () => [
        ['study.csv', studyToCsv(study)],
        ...(hasMatrix ? [['matrix.csv', matrixToCsv(matrices)] as const] : []),
      ],
      ...(hasMatrix && { latex: () => [['matrix.tex', matrixToLatex(matrices)]] }),
    },
  };
}

function plain(run: Run | undefined): { colour: boolean; run?: Run } {
  return { colour: false, ...(run !== undefined && { run }) };
}
