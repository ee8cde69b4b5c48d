/** `ml-doctor data check`: are these the published files, and what is in them. */

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CatalogEntry } from '../data/catalog/entry.ts';
import type { LoadOptions } from '../data/load-dataset.ts';
import { AuditError } from '../errors.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { grouped } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';
import type { DataFlags } from './data.ts';
import type { SheetAt } from './data-text.ts';
import { EXIT } from './errors.ts';
import { factsBlock } from './list.ts';
import { parseFolder } from './options.ts';
import { liveLine } from './progress/live-line.ts';
import { DEFAULT_OUT, placesFrom } from './run-settings.ts';

interface Flags extends DataFlags {
  readonly out: string;
  readonly skipBroken?: true;
}

export function addDataCheck(command: Command, context: CommandContext): void {
  command
    .argument(
      '[names...]',
      'of the data sets, of pictures with pixels if need be (celeba@64); all that are found by default',
    )
    .option('--out <dir>', 'folder for a sheet with a few pictures of each class', parseFolder, DEFAULT_OUT)
    .option('--skip-broken', 'leave out pictures that cannot be decoded')
    .addHelpText(
      'after',
      `
Ends with 2 when one of them is broken; the others are checked all the same.

Examples:
  ml-doctor data check --data-dir /data          everything that is found
  ml-doctor data check utkface celeba@64 --out sheets`,
    )
    .action((names: string[], flags: Flags) => checkData(names, flags, context));
}

async function checkData(names: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  const { io, signal } = context;
  const { catalogEntry } = await import('../data/catalog-entry.ts');
  const { checkDataDir } = await import('../data/load-dataset.ts');
  const { brokenFacts, checkFacts } = await import('./data-text.ts');
  const { dataDir } = placesFrom(flags, io.env);
  await checkDataDir(dataDir);
  for (const name of names) catalogEntry(name);
  const all = names.length > 0 ? names : await foundIn(dataDir);
  const json = flags.json === true;
  const line = liveLine(json ? undefined : io.stderr);
  const options: LoadOptions = {
    signal,
    ...(dataDir !== undefined && { dataDir }),
    ...(flags.skipBroken && { skipBroken: true }),
    onProgress: ({ what, done, total }) =>
      line.show(printable(`${what}: ${grouped(done)} of ${grouped(total)}`)),
  };
  const results: unknown[] = [];
  for (const [i, name] of all.entries()) {
    line.show(printable(`checking ${name}`));
    try {
      const { check, sheet } = await checkOne(name, options, resolve(flags.out)).finally(line.clear);
      results.push({ sound: true, ...check, ...(sheet && { sheet }) });
      if (!json) io.stdout.write(`${i > 0 ? '\n' : ''}${factsBlock(checkFacts(check, sheet))}`);
    } catch (error) {
      // A place that cannot be written is no fault of the data set.
      if (signal.aborted || !(error instanceof AuditError) || error.code === 'MLD_OUTPUT_UNWRITABLE')
        throw error;
      const { code, message, hint } = error;
      results.push({ sound: false, name, code, message, hint });
      context.exitStatus = EXIT.input;
      if (!json) io.stdout.write(`${i > 0 ? '\n' : ''}${factsBlock(brokenFacts(name, error))}`);
    }
  }
  if (json) io.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
}

async function checkOne(name: string, options: LoadOptions, out: string) {
  const { checkDataset } = await import('../data/check-dataset.ts');
  const { contactSheet } = await import('../data/pictures/contact-sheet.ts');
  const { check, dataset } = await checkDataset(name, options);
  const drawn = contactSheet(dataset);
  if (!drawn) return { check };
  const path = join(out, `${name}.png`);
  await writeFileAtomically(path, drawn.png);
  return { check, sheet: { path, rows: drawn.rows.map((row) => row.class) } satisfies SheetAt };
}

/** Whatever is there whole, in the folder or in the package. */
async function foundIn(dataDir: string | undefined): Promise<readonly string[]> {
  const { catalog } = await import('../data/catalog/catalog.ts');
  const { findForms, wholeForm } = await import('../data/find-files.ts');
  const found: string[] = [];
  for (const entry of Object.values<CatalogEntry>(catalog))
    if (wholeForm(await findForms(entry, dataDir))) found.push(entry.id);
  return found;
}
