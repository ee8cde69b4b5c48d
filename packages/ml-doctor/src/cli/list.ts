/** `ml-doctor list TOPIC`: what there is, with the facts needed to choose. */

import { Argument, type Command } from 'commander';
import { wrap } from '../report/terminal.ts';
import type { CommandContext } from './context.ts';
import { LIST_TOPICS, type ListEntry, type Services } from './services.ts';

const LABEL_WIDTH = 14;
const TEXT_WIDTH = 64;

export function addList(program: Command, { io }: CommandContext, lists: Services['lists']): void {
  const topics = LIST_TOPICS.filter((topic) => lists[topic] !== undefined);
  program
    .command('list')
    .description(`what there is: ${topics.join(', ')}`)
    .addArgument(new Argument('<topic>').choices(topics))
    .option('--json', 'as a JSON array')
    .addHelpText(
      'after',
      `
Their names are what a configuration takes (ml-doctor init).
Attacks: <B,S> is what an attacker has, black-box or white-box access, and data:
shadow, partial (some members known), no, or other. options: what they change.

Examples:
${topics.map((topic) => `  ml-doctor list ${topic}`).join('\n')}`,
    )
    .action((topic: (typeof LIST_TOPICS)[number], flags: { json?: true }) => {
      const entries = lists[topic]!();
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
