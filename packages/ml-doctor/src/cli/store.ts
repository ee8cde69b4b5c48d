/** `ml-doctor store`: is what earlier runs kept still sound, how much is it, and what of it can go. */

import type { Command } from 'commander';
import { fileSize } from '../files/file-size.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { parseFolder } from './options.ts';
import { liveLine } from './progress/live-line.ts';
import { gcText, sizeText, verifyText } from './store-text.ts';

/** Exit status of a check that found damage. */
const UNSOUND = 1;

/** Keys of all tasks that a configuration file plans, with what the store keeps of its data; throws as planning does. */
export type PlannedKeys = (configPath: string, store: string) => Promise<ReadonlySet<string>>;

interface Flags {
  readonly store: string;
  readonly json?: true;
}

export function addStore(program: Command, context: CommandContext, plannedKeys: PlannedKeys): void {
  const store = program
    .command('store')
    .description('look after the folder in which audits and studies keep finished work');
  const command = (name: string, description: string) =>
    store
      .command(name)
      .description(description)
      .option('--store <dir>', 'the store', parseFolder, './ml-doctor-out/store')
      .option('--json', 'the result as JSON on stdout');

  command('verify', 'read everything in the store, and list what is not as it was written')
    .option('--repair', 'delete what is damaged, so that the next run computes it anew')
    .addHelpText(
      'after',
      `
Ends with 1 when something is damaged and stays, else with 0.

Examples:
  ml-doctor store verify                      the store of ./ml-doctor-out
  ml-doctor store verify --store /data/store  another one
  ml-doctor store verify --repair             and delete what is damaged`,
    )
    .action(async (flags: Flags & { readonly repair?: true }) => {
      context.exitStatus = await verify(flags, context);
    });

  command('gc', 'delete what no later run can use')
    .option('--dry-run', 'say what would go, and delete nothing')
    .option(
      '--keep <config...>',
      'delete also the results of every task that none of these configurations needs',
    )
    .addHelpText(
      'after',
      `
Goes: what killed runs left half-written, blobs that belong to no task, damaged records, and
checkpoints of tasks that are done or have rested for 30 days. While a run is at work on the
store only half-written files of dead processes go. Decoded pictures (the folder data of the
store) stay; who needs the room deletes that folder, and the next run decodes what it needs anew.

Examples:
  ml-doctor store gc --dry-run                     only look
  ml-doctor store gc                               delete what nobody can use
  ml-doctor store gc --keep audit.yaml study.yaml  and all results but those of two configurations`,
    )
    .action((flags: Flags & { readonly dryRun?: true; readonly keep?: readonly string[] }) =>
      gc(flags, context, plannedKeys),
    );

  command('size', 'how much the store holds, by kind of task')
    .addHelpText(
      'after',
      `
A blob that several tasks share counts for the one that was finished first. Decoded pictures are
those of data sets, kept for the next run.

Examples:
  ml-doctor store size
  ml-doctor store size --store /data/store --json`,
    )
    .action((flags: Flags) => size(flags, context));
}

async function verify(
  { store: folder, json, repair }: Flags & { readonly repair?: true },
  { io, signal }: CommandContext,
): Promise<number> {
  const { openExistingStore } = await import('../study/store/open-existing.ts');
  const store = await openExistingStore(folder);
  const line = liveLine(json === true ? undefined : io.stderr);
  const { verifyStore } = await import('../study/store/verify.ts');
  const { repairStore } = await import('../study/store/repair.ts');
  const check = await verifyStore(store, {
    signal,
    onProgress: ({ bytes, totalBytes }) => line.show(`checked ${fileSize(bytes)} of ${fileSize(totalBytes)}`),
  }).finally(line.clear);
  const repaired = repair === true && !check.sound ? await repairStore(store, check, { signal }) : undefined;
  io.stdout.write(
    json === true
      ? toJson({ store: store.folder, ...check, ...(repaired === undefined ? {} : { repaired }) })
      : verifyText(store.folder, check, repaired),
  );
  return check.sound || repaired !== undefined ? EXIT.done : UNSOUND;
}

async function gc(
  {
    store: folder,
    json,
    dryRun = false,
    keep: configs,
  }: Flags & { readonly dryRun?: boolean; readonly keep?: readonly string[] },
  { io, signal }: CommandContext,
  plannedKeys: PlannedKeys,
): Promise<void> {
  const { openExistingStore } = await import('../study/store/open-existing.ts');
  const store = await openExistingStore(folder);
  const planned = await Promise.all((configs ?? []).map((path) => plannedKeys(path, folder)));
  const keep = configs === undefined ? {} : { keep: new Set(planned.flatMap((keys) => [...keys])) };
  const { gcStore } = await import('../study/store/gc.ts');
  const result = await gcStore(store, { dryRun, signal, ...keep });
  io.stdout.write(json === true ? toJson({ store: store.folder, ...result }) : gcText(store.folder, result));
}

async function size({ store: folder, json }: Flags, { io, signal }: CommandContext): Promise<void> {
  const { openExistingStore } = await import('../study/store/open-existing.ts');
  const store = await openExistingStore(folder);
  const { sizeOfStore } = await import('../study/store/size.ts');
  const result = await sizeOfStore(store, signal);
  io.stdout.write(
    json === true ? toJson({ store: store.folder, ...result }) : sizeText(store.folder, result),
  );
}

const toJson = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;
