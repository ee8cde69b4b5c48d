/** `ml-doctor report DIR`: renders an audit or a study again from its JSON, without running anything. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AuditError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { parseChoices, parseFolder } from './options.ts';

const FORMATS = ['html', 'json', 'txt', 'md', 'csv', 'latex', 'junit', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

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
      // Loaded late: no other command needs them.
      const { renderableIn } = await import('./render-report.ts');
      const { writeFiles } = await import('../report/write.ts');
      const { of, as } = await renderableIn(dir);
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
