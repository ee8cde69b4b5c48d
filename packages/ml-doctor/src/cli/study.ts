/** `ml-doctor study CONFIG`: a grid of targets, each with its report, and a table over all of them; or a bundled one. */

import type { Command } from 'commander';
import { AuditError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { wantsColour } from './io.ts';
import { addRunOptions, type RunFlags } from './run-settings.ts';
import type { Services } from './services.ts';

export function addStudy(program: Command, context: CommandContext, services: Services): void {
  const command = program
    .command('study')
    .description('audit a grid of models: data sets × architectures × defences × attacks × seeds')
    .argument('[config]', 'YAML or JSON file; ml-doctor init --study writes one')
    .option('--preset <name>', 'a bundled study and its figures (ml-doctor list presets)');
  addRunOptions(command)
    .option('--json', 'study.json on stdout, of a preset figures.json; progress as JSON lines on stderr')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor init --study && ml-doctor plan study.yaml
  ml-doctor study study.yaml --out results
  ml-doctor plan --preset small && ml-doctor study --preset small
  ml-doctor study --preset owner audit.yaml        what every defence would change of one model
Writes study.html, study.csv, study.json, and a report for every target under audits/; with two defences
or more also matrix.csv and matrix.tex: what each changes of every attack, and what it costs.
A preset writes a folder for each of its studies, and figures over them as ml-doctor figures does.`,
    )
    .action(async (path: string | undefined, flags: RunFlags & { readonly preset?: string }) => {
      if (flags.preset === undefined) {
        context.exitStatus = await runOwn(path, flags, context, services);
        return;
      }
      const { runPreset } = await import('./study-preset.ts');
      context.exitStatus = await runPreset(flags.preset, path, flags, context, services);
    });
}

/** @returns the exit status */
async function runOwn(
  path: string | undefined,
  flags: RunFlags,
  context: CommandContext,
  services: Services,
): Promise<number> {
  if (path === undefined)
    throw new AuditError(
      'MLD_USAGE',
      'no study is named',
      'Give a configuration (ml-doctor init --study writes one), or --preset with a name of ml-doctor list presets.',
    );
  const loaded = await services.loadStudy(path);
  const { io } = context;
  // Loaded late: help needs none of them.
  const { withOutput } = await import('./output.ts');
  const { writeStudy } = await import('../report/study/write-study.ts');
  const { studyToJson } = await import('../report/study/study-schema.ts');
  const { renderStudyTerminal } = await import('../report/study/study-terminal.ts');
  return withOutput(flags, context, async ({ dir, settings, progress }) => {
    const { study, reports, run } = await services.runStudy(
      loaded,
      settings,
      progress.onEvent,
      context.signal,
    );
    const paths = await writeStudy(dir, study, reports, run);
    progress.clear();
    if (flags.json === true) io.stdout.write(studyToJson(study));
    else {
      io.stdout.write(renderStudyTerminal(study, { colour: wantsColour(io.stdout, io.env), run }));
      const { html, csv, json, matrix } = paths;
      const written = [html, csv, json, ...(matrix ? [matrix.csv, matrix.tex] : [])];
      io.stdout.write(`Study: ${written.join('\n       ')}\n`);
    }
    return study.holes.length > 0 ? EXIT.holes : EXIT.done;
  });
}
