/** `ml-doctor report DIR`: renders an audit again from its `report.json`, without running anything. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { reportToJson } from '../report/canonical.ts';
import { renderHtml } from '../report/html/page.ts';
import { readReport, readRun } from '../report/read.ts';
import type { Run } from '../report/run-record.ts';
import type { Report } from '../report/schema.ts';
import { renderTerminal } from '../report/terminal.ts';
import { writeFiles } from '../report/write.ts';
import type { CommandContext } from './context.ts';
import { parseChoices, parseFolder } from './options.ts';

const FORMATS = ['html', 'json', 'txt'] as const;
type Format = (typeof FORMATS)[number];

const RENDER: Readonly<Record<Format, (report: Report, run: Run | undefined) => string>> = {
  html: renderHtml,
  json: reportToJson,
  txt: (report, run) => renderTerminal(report, { colour: false, ...(run === undefined ? {} : { run }) }),
};

export function addReport(program: Command, { io }: CommandContext): void {
  program
    .command('report')
    .description('render an audit again from its report.json')
    .argument('<dir>', 'folder that an audit wrote', parseFolder)
    .option(
      '--format <list>',
      `comma-separated: ${FORMATS.join(', ')}`,
      (text: string) => parseChoices(text, FORMATS),
      ['html'] satisfies Format[],
    )
    .option('--json', 'paths written, as a JSON array')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor report ml-doctor-out                    report.html anew
  ml-doctor report ml-doctor-out --format html,txt  and report.txt`,
    )
    .action(async (path: string, flags: { format: Format[]; json?: true }) => {
      const dir = resolve(path);
      const report = await readReport(dir);
      const run = await readRun(dir);
      const files = flags.format.map((format) => [`report.${format}`, RENDER[format](report, run)] as const);
      await writeFiles(dir, files);
      const written = files.map(([name]) => join(dir, name));
      io.stdout.write(
        flags.json === true ? `${JSON.stringify(written)}\n` : written.map((file) => `${file}\n`).join(''),
      );
    });
}
