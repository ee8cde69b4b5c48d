/** `ml-doctor figures DIR…`: relations over the audits of one study or several, from what they wrote. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toolVersion } from '../audit/tool-version.ts';
import { AuditError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { wantsColour } from './io.ts';
import { parseFolder } from './options.ts';

interface Flags {
  readonly figure?: string[];
  readonly preset?: string;
  readonly out?: string;
  readonly json?: true;
}

export function addFigures(program: Command, context: CommandContext): void {
  program
    .command('figures')
    .description('what drives the risk: relations over the models of one study or several; runs nothing')
    .argument('<dirs...>', 'folders that studies wrote')
    .option('--figure <name...>', 'these only; all that the studies have the numbers for by default')
    .option('--preset <name>', 'those of this preset, from the one folder that it wrote')
    .option('--out <dir>', 'folder to write into (default: the first of the folders)', parseFolder)
    .option('--json', 'figures.json on stdout')
    .addHelpText(
      'after',
      `
Writes figures.html, figures.md and figures.json, and under figures/ every chart as SVG and as
vega-lite, every table as CSV, Markdown and LaTeX, each beside what papers published.
ml-doctor list figures says what each needs.

Examples:
  ml-doctor figures ml-doctor-out
  ml-doctor figures results/a results/b --figure relations --out both
  ml-doctor figures ml-doctor-out --preset small       after ml-doctor study --preset small`,
    )
    .action(async (dirs: string[], flags: Flags) => {
      context.exitStatus = await writeAsked(dirs, flags, context);
    });
}

/** @returns the exit status */
async function writeAsked(dirs: readonly string[], flags: Flags, { io }: CommandContext): Promise<number> {
  if (flags.preset !== undefined && flags.figure !== undefined)
    throw new AuditError(
      'MLD_USAGE',
      '--preset and --figure both say which figures are made',
      'Give one of them.',
    );
  // Loaded late: help needs none of them.
  const [
    { buildFigures },
    { requestsFor },
    { writeFigures },
    { figuresToJson },
    { renderFiguresTerminal },
    { prepareOutput },
  ] = await Promise.all([
    import('../analysis/build-figures.ts'),
    import('./figure-sources.ts'),
    import('../analysis/output/write-figures.ts'),
    import('../analysis/output/figures-schema.ts'),
    import('../analysis/output/figures-terminal.ts'),
    import('../report/write.ts'),
  ]);
  const { requests, sources, title, notRun } = await requestsFor(
    dirs.map((dir) => resolve(dir)),
    flags,
  );
  if (notRun.length > 0)
    io.stderr.write(`note: not run to the end yet: ${notRun.join(', ')}; their figures are missing\n`);
  const { figures, refused } = buildFigures(requests);
  const asked = flags.figure !== undefined || flags.preset !== undefined;
  const [first] = refused;
  if (figures.length === 0 && first !== undefined)
    throw new AuditError(first.code, `${first.what}: ${first.message}`, first.hint);
  // What nobody asked for and the studies are not about is no want of theirs.
  const told = asked ? refused : refused.filter(({ code }) => code !== 'MLD_EVIDENCE_MISSING');
  const command = [
    'ml-doctor figures DIR',
    ...(flags.preset === undefined ? [] : [`--preset ${flags.preset}`]),
  ];
  const analysis = {
    figures,
    refused: told,
    about: { title, command: command.join(' '), version: toolVersion(), sources },
  };
  const output = await prepareOutput(resolve(flags.out ?? dirs[0]!));
  const paths = await writeFigures(output.dir, analysis);
  if (flags.json === true) io.stdout.write(figuresToJson(analysis));
  else {
    io.stdout.write(renderFiguresTerminal(analysis, { colour: wantsColour(io.stdout, io.env) }));
    io.stdout.write(`Figures: ${paths.html}\n         ${paths.md}\n         ${paths.json}\n`);
  }
  return told.length > 0 || notRun.length > 0 ? EXIT.holes : EXIT.done;
}
