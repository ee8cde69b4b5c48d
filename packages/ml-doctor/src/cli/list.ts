/** `ml-doctor list TOPIC`: what there is, with the facts needed to choose. */

import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { printable, wrap } from '../report/plain-text.ts';
import type { LoadedPlugin } from '../study/plugins/loaded.ts';
import type { CommandContext } from './context.ts';
import type { Io } from './io.ts';
import { parseFolder } from './options.ts';
import { placesFrom } from './run-settings.ts';
import { LIST_TOPICS, type ListEntry, type Services } from './services.ts';

const LABEL_WIDTH = 14;
const TEXT_WIDTH = 64;

/** Files of the command line; the loader and what it needs only where there are any. */
export async function loadFiles(files: readonly string[]): Promise<readonly LoadedPlugin[]> {
  if (files.length === 0) return [];
  const { loadPlugins } = await import('../study/plugins/load-plugins.ts');
  return loadPlugins(files.map((file) => resolve(file)));
}

export function addList(program: Command, { io }: CommandContext, lists: Services['lists']): void {
  const topics = LIST_TOPICS.filter((topic) => lists[topic] !== undefined);
  program
    .command('list')
    .description(`what there is: ${topics.join(', ')}`)
    .addArgument(new Argument('<topic>').choices(topics))
    .option('--json', 'as a JSON array')
    .option(
      '--data-dir <dir>',
      'of data sets: folder that they are looked for in (default: ML_DOCTOR_DATA)',
      parseFolder,
    )
    .option('--plugins <file...>', 'of attacks and defences: those of these files too, which are run')
    .addHelpText(
      'after',
      `
Their names are what a configuration takes (ml-doctor init).
Attacks: <B,S> is what an attacker has, black-box or white-box access, and data:
shadow, partial (some members known), no, or other. options: what they change.

Examples:
${topics.map((topic) => `  ml-doctor list ${topic}`).join('\n')}
  ml-doctor list datasets --data-dir /data             which of them are there
  ml-doctor list attacks --plugins my-attack.ts`,
    )
    .action(async (topic: (typeof LIST_TOPICS)[number], flags: ListFlags) => {
      await loadFiles(flags.plugins ?? []);
      writeList(await lists[topic]!(placesFrom(flags, io.env)), flags.json === true, io);
    });
}

interface ListFlags {
  readonly json?: true;
  readonly plugins?: string[];
  readonly dataDir?: string;
}

export function writeList(
  entries: readonly ListEntry[],
  json: boolean,
  { stdout }: Pick<Io, 'stdout'>,
): void {
  stdout.write(json ? `${JSON.stringify(entries, null, 1)}\n` : entries.map(factsBlock).join('\n'));
}

export function factsBlock({ name, ...facts }: ListEntry): string {
  const lines = Object.entries(facts).flatMap(([label, value]) =>
    wrap(printable(String(value)), TEXT_WIDTH).map(
      (line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`,
    ),
  );
  return `${[name, ...lines].join('\n')}\n`;
}
