/** `ml-doctor audit`: one model, attacked in every way that a configuration or the command line says. */

import type { Command } from 'commander';
import { askCost } from './ask-cost.ts';
import type { CommandContext } from './context.ts';
import type { AuditOverrides } from './load.ts';
import { addOwnOptions, type OwnFlags } from './own-options.ts';
import { addOverrides, addRunOptions, type RunFlags } from './run-settings.ts';
import type { Services } from './services.ts';

interface Flags extends RunFlags, AuditOverrides {}

export function addAudit(program: Command, context: CommandContext, services: Services): void {
  const command = program
    .command('audit')
    .description('audit one model: your own, or one that is trained here')
    .argument('[config]', 'YAML or JSON file (ml-doctor init writes one); or say it all with options');
  addRunOptions(addOverrides(addOwnOptions(command)))
    .option('--show-records', 'show the most exposed records themselves: the report then holds training data')
    .option('--json', 'the report as JSON on stdout, progress as JSON lines on stderr')
    .addHelpText(
      'after',
      `
DATA is a .npz, .csv or .parquet file, an IDX or CIFAR file, a folder of pictures with a
subfolder for each class, or a data set by name and range, as fashion-mnist:train[0:5000].

Examples:
  ml-doctor audit --outputs outputs.csv
  ml-doctor audit --model model.onnx --members train.npz --non-members test.npz --scale 1/255
  ml-doctor audit --endpoint https://example.org/v2/models/m/infer --protocol kserve \\
    --header 'Authorization: Bearer \${TOKEN}' --members train.npz --non-members test.npz
  ml-doctor init && ml-doctor audit audit.yaml --attacks membership/lira --seed 1
  ml-doctor plan audit.yaml            what it would run, and how long`,
    )
    .action(async (path: string | undefined, flags: Flags & OwnFlags) => {
      const { attacks, seed, explain, yes } = flags;
      const loaded = await services.loadAudit(path, { attacks, seed, explain, yes, own: flags });
      const { runOne } = await import('./run-one.ts');
      context.exitStatus = await runOne(flags, context, (settings, onEvent) =>
        services.runAudit(loaded, settings, onEvent, context.signal, askCost(context)),
      );
    });
}
