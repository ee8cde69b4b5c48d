/** `ml-doctor list TOPIC`: what there is, with the facts needed to choose. */

import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { wrap } from '../report/plain-text.ts';
import type { LoadedPlugin } from '../study/plugins/loaded.ts';
import type { CommandContext } from './context.ts';
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
    .option('--plugins <file...>', 'of attacks and defences: those of these files too, which are run')
    .addHelpText(
      'after',
      `
Their names are what a configuration takes (ml-doctor init).
Attacks: <B,S> is what an attacker has, black-box or white-box access, and data:
shadow, partial (some members known), no, or other. options: what they change.

Examples:
${topics.map((topic) => `  ml-doctor list ${topic}`).join('\n')}
  ml-doctor list attacks --plugins my-attack.ts`,
    )
    .action(async (topic: (typeof LIST_TOPICS)[number], flags: { json?: true; plugins?: string[] }) => {
      await loadFiles(flags.plugins ?? []);
      const entries = await lists[topic]!();
      io.stdout.write(
        flags.json === true ? `${JSON.stringify(entries, null, 1)}\n` : entries.map(block).join('\n'),
      );
    });
}

function block({ name, ...facts }: ListEntry): string {
  const lines = Object.entries(facts).flatMap(([label, value]) =>
    wrap(String(value), TEXT_WIDTH).map(
      (line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`,
    ),
  );
  return `${[name, ...lines].join('\n')}\n`;
}
