/** `ml-doctor demo`: a whole audit of a model trained on bundled real data, without network. */

import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { parseSeed } from './options.ts';
import { addRunOptions, type RunFlags } from './run-settings.ts';
import type { Services } from './services.ts';

interface Flags extends RunFlags {
  readonly quick?: true;
  readonly seed: number;
}

export function addDemo(program: Command, context: CommandContext, { runDemo }: Services): void {
  const command = program
    .command('demo')
    .description('audit a model trained on bundled real data; needs no network')
    .option('--quick', 'a first look in under a minute: fewer records, so wider intervals')
    .option('--seed <n>', 'seed of every random choice', parseSeed, 0);
  addRunOptions(command)
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
      const options = { quick: flags.quick === true, seed: flags.seed };
      const { runOne } = await import('./run-one.ts');
      context.exitStatus = await runOne(flags, context, (settings, onEvent) =>
        runDemo(options, settings, onEvent, context.signal),
      );
    });
}
