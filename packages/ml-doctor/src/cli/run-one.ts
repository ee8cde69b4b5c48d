/** A command that ends with one report: output folder, progress, files, what is printed, exit status. */

import type { AuditRun } from '../audit/run-audit.ts';
import { reportToJson } from '../report/canonical.ts';
import { renderTerminal } from '../report/terminal.ts';
import { writeReport } from '../report/write.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { wantsColour } from './io.ts';
import { type OnEvent, withOutput } from './output.ts';
import type { RunFlags, RunSettings } from './run-settings.ts';

/** @returns the exit status */
export async function runOne(
  flags: RunFlags,
  context: CommandContext,
  run: (settings: RunSettings, onEvent: OnEvent) => Promise<AuditRun>,
): Promise<number> {
  const { io } = context;
  return withOutput(flags, context, async ({ dir, settings, progress }) => {
    const { report, files, run: record } = await run(settings, progress.onEvent);
    const paths = await writeReport(dir, report, record, files);
    progress.clear();
    if (flags.json === true) io.stdout.write(reportToJson(report));
    else {
      io.stdout.write(renderTerminal(report, { colour: wantsColour(io.stdout, io.env), run: record }));
      io.stdout.write(`Report: ${paths.html}\n        ${paths.json}\n`);
    }
    return report.holes.length > 0 ? EXIT.holes : EXIT.done;
  });
}
