/** `ml-doctor init`: writes a commented configuration to start from. */

import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { auditTemplate, studyTemplate } from '../config/init-template.ts';
import { policyTemplate } from '../config/policy/policy-template.ts';
import { AuditError } from '../errors.ts';
import { makeFolders, writeFileAtomically, writeSynced } from '../files/atomic-write.ts';
import { unwritable } from '../files/system-error.ts';
import type { CommandContext } from './context.ts';

interface Flags {
  readonly study?: true;
  readonly policy?: true;
  readonly force?: true;
}

export function addInit(program: Command, { io }: CommandContext): void {
  program
    .command('init')
    .description('write a commented configuration or policy to start from')
    .argument(
      '[file]',
      'file to write (default: audit.yaml; study.yaml with --study, policy.yaml with --policy)',
    )
    .option('--study', 'a grid of models instead of one')
    .option('--policy', 'what a report must say to pass, for ml-doctor gate')
    .option('--force', 'write over a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor init                  audit.yaml, for ml-doctor audit
  ml-doctor init --study          study.yaml, for ml-doctor study
  ml-doctor init --policy         policy.yaml, for ml-doctor gate
  ml-doctor init my.yaml --force`,
    )
    .action(async (file: string | undefined, { study, policy, force }: Flags) => {
      if (study && policy)
        throw new AuditError('MLD_USAGE', '--study and --policy are two kinds of file', 'Give one of them.');
      const { name, text, next } = TEMPLATES[study ? 'study' : policy ? 'policy' : 'audit'];
      const path = file ?? name;
      if (path === '') throw new AuditError('MLD_USAGE', 'the file has no name', 'Give the file to write.');
      await write(resolve(path), text(), force === true);
      io.stdout.write(`${path} is written. Next: ${next(path)}\n`);
    });
}

const TEMPLATES = {
  audit: {
    name: 'audit.yaml',
    text: auditTemplate,
    next: (path: string) => `ml-doctor plan ${path}, then ml-doctor audit ${path}`,
  },
  study: {
    name: 'study.yaml',
    text: studyTemplate,
    next: (path: string) => `ml-doctor plan ${path}, then ml-doctor study ${path}`,
  },
  policy: {
    name: 'policy.yaml',
    text: policyTemplate,
    next: (path: string) => `ml-doctor gate ml-doctor-out --policy ${path}`,
  },
} as const;

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
