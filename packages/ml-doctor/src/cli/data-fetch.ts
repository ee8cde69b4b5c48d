/** `ml-doctor data fetch`: a data set from its publisher, after a look at the licence. */

import type { Command } from 'commander';
import { AuditError } from '../errors.ts';
import { printable } from '../report/plain-text.ts';
import { askYes } from './ask-yes.ts';
import type { CommandContext } from './context.ts';
import type { DataFlags } from './data.ts';
import { factsBlock } from './list.ts';
import { placesFrom } from './run-settings.ts';

interface Flags extends DataFlags {
  readonly form?: string;
  readonly from?: string;
  readonly yes?: true;
}

export function addDataFetch(command: Command, context: CommandContext): void {
  command
    .argument('<name>', 'of the data set (ml-doctor data list)')
    .option(
      '--form <title>',
      'these files, by a part of the title of their form; the first on offer by default',
    )
    .option('--from <url>', 'folder of a mirror that has the files, in place of the publisher')
    .option('--yes', 'agree to the licence beforehand')
    .addHelpText(
      'after',
      `
Shows licence and citation, asks, downloads into a folder of the data set's own, and holds every
file against the published digest. Stopped, it continues where it was; what is there is not
downloaded again.

Examples:
  ml-doctor data fetch cifar10 --data-dir /data
  ml-doctor data fetch fashion-mnist --from https://example.org/mirror/fashion-mnist/ --yes`,
    )
    .action((name: string, flags: Flags) => fetchData(name, flags, context));
}

async function fetchData(name: string, flags: Flags, context: CommandContext): Promise<void> {
  const { io, signal } = context;
  const json = flags.json === true;
  const { catalogEntry } = await import('../data/catalog-entry.ts');
  const { fetchFiles, planFetch } = await import('../data/acquire/fetch-dataset.ts');
  const { fetchedText, termsOf } = await import('./data-text.ts');
  const entry = catalogEntry(name);
  const { form, from } = flags;
  const { dataDir } = placesFrom(flags, io.env);
  if (dataDir === undefined)
    throw new AuditError(
      'MLD_USAGE',
      'no data folder is named to download into',
      'Name it with --data-dir DIR or ML_DOCTOR_DATA.',
    );
  const choice = { dataDir, ...(form !== undefined && { form }), ...(from !== undefined && { from }) };
  const plan = await planFetch(entry, choice, signal);
  const { wanted, there } = plan;
  if (wanted.length > 0) {
    const terms = termsOf(entry, plan);
    io.stderr.write(json ? `${JSON.stringify({ type: 'terms', ...terms })}\n` : factsBlock(terms));
    if (!flags.yes && !(await askYes('Download it under this licence?', context)))
      throw new AuditError(
        'MLD_CONFIRM',
        `the licence of '${entry.id}' was not agreed to, and nothing was downloaded`,
        'Answer y on a terminal, or agree beforehand with --yes.',
      );
  }
  const { downloadView } = await import('./progress/download-view.ts');
  const view = downloadView(io.stderr, { json });
  const files = await fetchFiles(plan, { signal, ...view }).finally(view.clear);
  io.stdout.write(
    json
      ? `${JSON.stringify({ name: entry.id, form: plan.form.title, there, files }, null, 1)}\n`
      : files.length > 0
        ? fetchedText(files)
        : `${entry.id} is there already (${printable(plan.form.title)}), as published: nothing to download.\n`,
  );
}
