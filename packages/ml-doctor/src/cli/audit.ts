/** `ml-doctor audit CONFIG`: one target, attacked in every way that the configuration lists. */

import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import type { AuditOverrides } from './load.ts';
import { runOne } from './run-one.ts';
import { addOverrides, addRunOptions, type RunFlags } from './run-settings.ts';
import type { Services } from './services.ts';

interface Flags extends RunFlags, AuditOverrides {}

export function addAudit(program: Command, context: CommandContext, services: Services): void {
  const command = program
    .command('audit')
    .description('audit one model, as a configuration says')
    .argument('<config>', 'YAML or JSON file; ml-doctor init writes one');
  addRunOptions(addOverrides(command))
    .option('--json', 'the report as JSON on stdout, progress as JSON lines on stderr')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor init && ml-doctor audit audit.yaml
  ml-doctor audit audit.yaml --out results --workers 4
  ml-doctor audit audit.yaml --attacks membership/loss-threshold --seed 1
  ml-doctor plan audit.yaml            what it would run, and how long`,
    )
    .action(async (path: string, { attacks, seed, ...flags }: Flags) => {
      const loaded = await services.loadAudit(path, { attacks, seed });
      context.exitStatus = await runOne(flags, context, (settings, onEvent) =>
        services.runAudit(loaded, settings, onEvent, context.signal),
      );
    });
}
