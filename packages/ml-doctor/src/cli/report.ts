/** `ml-doctor report DIR`: renders an audit or a study again from its JSON, without running anything. */

import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { AuditError } from '../errors.ts';
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
import { writeFiles } from '../report/write.ts';
import type { CommandContext } from './context.ts';
import { parseChoices, parseFolder } from './options.ts';

const FORMATS = ['html', 'json', 'txt', 'md', 'csv', 'latex', 'junit', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

/** What a folder holds, ready to be rendered: the files of each format; one that is left out does not exist for it. */
interface Renderable {
  readonly of: 'one audit' | 'a study' | 'a study without a matrix';
  readonly as: Readonly<Partial<Record<Format, () => readonly File[] | Promise<readonly File[]>>>>;
}

type File = readonly [name: string, content: string];

export function addReport(program: Command, { io }: CommandContext): void {
  program
    .command('report')
    .description('render an audit or a study again from its report.json or study.json')
    .argument('<dir>', 'folder that an audit or a study wrote', parseFolder)
    .option(
      '--format <list>',
      `comma-separated: ${FORMATS.join(', ')} (md, junit, sarif: audits only)`,
      (text: string) => parseChoices(text, FORMATS),
      ['html'] satisfies Format[],
    )
    .option('--json', 'paths written, as a JSON array')
    .addHelpText(
      'after',
      `
Of a folder that holds both, the one written last is rendered. Reports of a study's audits
lie in folders of their own under audits/.

Examples:
  ml-doctor report ml-doctor-out                    report.html anew, or study.html
  ml-doctor report ml-doctor-out --format html,txt  and report.txt
  ml-doctor report ml-doctor-out --format md        report.md, for a pull request
  ml-doctor report results --format csv,latex       study.csv, matrix.csv and matrix.tex of a study`,
    )
    .action(async (path: string, flags: { format: Format[]; json?: true }) => {
      const dir = resolve(path);
      const { of, as } = (await kindIn(dir)) === 'study' ? await loadStudy(dir) : await loadAudit(dir);
      const renders = flags.format.map((format) => {
        const render = as[format];
        if (render === undefined) {
          throw new AuditError(
            'MLD_USAGE',
            `${dir} holds the report of ${of}, which has no ${format} form`,
            `Choose from ${Object.keys(as).join(', ')}; ${format} is for ${format === 'latex' ? 'studies with two defences or more, and for single audits' : 'single audits'}.`,
          );
        }
        return render;
      });
      const files = (await Promise.all(renders.map((render) => render()))).flat();
      await writeFiles(dir, files);
      const written = files.map(([file]) => join(dir, file));
      io.stdout.write(
        flags.json === true ? `${JSON.stringify(written)}\n` : written.map((file) => `${file}\n`).join(''),
      );
    });
}

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
