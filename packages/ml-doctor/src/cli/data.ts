/** `ml-doctor data`: which data sets there are, whether they are sound, and where they come from. */

import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { addDataCheck } from './data-check.ts';
import { addDataFetch } from './data-fetch.ts';
import { writeList } from './list.ts';
import { parseFolder } from './options.ts';
import { placesFrom } from './run-settings.ts';
import type { Services } from './services.ts';

export interface DataFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

export function addData(
  program: Command,
  context: CommandContext,
  listDatasets: Services['lists']['datasets'],
): void {
  const { io } = context;
  const data = program.command('data').description('list, download and check data sets of the catalogue');
  const command = (name: string, description: string) =>
    data
      .command(name)
      .description(description)
      .option(
        '--data-dir <dir>',
        'folder with a folder for each data set (default: ML_DOCTOR_DATA)',
        parseFolder,
      )
      .option('--json', 'the result as JSON on stdout');

  command('list', 'what there is, and which of it is found; the same as list datasets')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor data list
  ml-doctor data list --data-dir /data --json`,
    )
    .action(async (flags: DataFlags) =>
      writeList(await listDatasets(placesFrom(flags, io.env)), flags.json === true, io),
    );
  addDataFetch(command('fetch', 'download a data set, once its licence is agreed to'), context);
  addDataCheck(command('check', 'hold files against their digests, and say what is in them'), context);
}
