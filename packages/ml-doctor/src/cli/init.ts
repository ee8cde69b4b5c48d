/** `ml-doctor init`: writes a commented configuration to start from. */

import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { auditTemplate, studyTemplate } from '../config/init-template.ts';
import { AuditError } from '../errors.ts';
import { makeFolders, writeFileAtomically, writeSynced } from '../files/atomic-write.ts';
import { unwritable } from '../files/system-error.ts';
import type { CommandContext } from './context.ts';

interface Flags {
  readonly study?: true;
  readonly force?: true;
}

export function addInit(program: Command, { io }: CommandContext): void {
  program
    .command('init')
    .description('write a commented configuration to start from')
    .argument('[file]', 'file to write (default: audit.yaml, or study.yaml with --study)')
    .option('--study', 'a grid of models instead of one')
    .option('--force', 'write over a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor init                  audit.yaml, for ml-doctor audit
  ml-doctor init --study          study.yaml, for ml-doctor study
  ml-doctor init my.yaml --force`,
    )
    .action(async (file: string | undefined, { study, force }: Flags) => {
      const name = file ?? (study ? 'study.yaml' : 'audit.yaml');
      if (name === '') throw new AuditError('MLD_USAGE', 'the file has no name', 'Give the file to write.');
      await write(resolve(name), study ? studyTemplate() : auditTemplate(), force === true);
      const next = study ? 'study' : 'audit';
      io.stdout.write(`${name} is written. Next: ml-doctor plan ${name}, then ml-doctor ${next} ${name}\n`);
    });
}

async function write(path: string, text: string, replace: boolean): Promise<void> {
  if (replace) return writeFileAtomically(path, text);
  try {
    await makeFolders(dirname(path));
    await writeSynced(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, error);
    throw new AuditError(
      'MLD_OUTPUT_UNWRITABLE',
      `${path} is there already`,
      'Name another file, or write over it with --force.',
    );
  }
}
