/** `ml-doctor demo`: a whole audit of a model trained on bundled real data, without network. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { reportToJson } from '../report/canonical.ts';
import { renderTerminal } from '../report/terminal.ts';
import { prepareOutput, writeReport } from '../report/write.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { wantsColour } from './io.ts';
import { defaultWorkers, parseFolder, parseSeed, parseWorkers } from './options.ts';
import { createProgress } from './progress.ts';
import type { RunDemo } from './services.ts';

interface Flags {
  readonly quick?: true;
  readonly out: string;
  readonly store?: string;
  readonly seed: number;
  readonly workers: number;
  readonly json?: true;
}

export function addDemo(program: Command, context: CommandContext, runDemo: RunDemo): void {
  program
    .command('demo')
    .description('audit a model trained on bundled real data; needs no network')
    .option('--quick', 'a first look in under a minute: fewer records, so wider intervals')
    .option('--out <dir>', 'folder for the report', parseFolder, './ml-doctor-out')
    .option(
      '--store <dir>',
      'folder that keeps finished work for the next run (default: OUT/store)',
      parseFolder,
    )
    .option('--seed <n>', 'seed of every random choice', parseSeed, 0)
    .option('--workers <n>', 'processes that work at once', parseWorkers, defaultWorkers())
    .option('--json', 'the report as JSON on stdout, progress as JSON lines on stderr')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor demo                       audit, then open ml-doctor-out/report.html
  ml-doctor demo --quick --out /tmp/a  the short one, elsewhere
  ml-doctor demo --json > report.json  for a program`,
    )
    .action(async (flags: Flags) => {
      context.exitStatus = await demo(flags, context, runDemo);
    });
}

async function demo(flags: Flags, { io, signal }: CommandContext, runDemo: RunDemo): Promise<number> {
  const json = flags.json === true;
  const output = await prepareOutput(flags.out);
  const progress = createProgress(io.stderr, { json });
  try {
    const options = {
      quick: flags.quick === true,
      store: flags.store === undefined ? join(output.dir, 'store') : resolve(flags.store),
      seed: flags.seed,
      workers: flags.workers,
    };
    const { report, run } = await runDemo(options, progress.onEvent, signal);
    const paths = await writeReport(output.dir, report, run);
    progress.clear();
    if (json) io.stdout.write(reportToJson(report));
    else {
      io.stdout.write(renderTerminal(report, { colour: wantsColour(io.stdout, io.env), run }));
      io.stdout.write(`Report: ${paths.html}\n        ${paths.json}\n`);
    }
    return report.holes.length > 0 ? EXIT.holes : EXIT.done;
  } catch (error) {
    progress.clear();
    await output.discardIfEmpty();
    throw error;
  }
}
