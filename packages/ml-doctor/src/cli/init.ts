/** `ml-doctor init`: writes a commented configuration to start from. */

import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AuditError } from '../errors.ts';
import { makeFolders, writeFileAtomically, writeSynced } from '../files/atomic-write.ts';
import { unwritable } from '../files/system-error.ts';
import type { CommandContext } from './context.ts';

interface Flags {
  readonly own?: true;
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
    .option('--own', 'an audit of your own model: ONNX file, endpoint or saved outputs')
    .option('--study', 'a grid of models instead of one')
    .option('--policy', 'what a report must say to pass, for ml-doctor gate')
    .option('--force', 'write over a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  ml-doctor init                  audit.yaml: a model trained here on bundled data
  ml-doctor init --own            audit.yaml: your own model and records
  ml-doctor init --study          study.yaml, for ml-doctor study
  ml-doctor init --policy         policy.yaml, for ml-doctor gate
  ml-doctor init my.yaml --force`,
    )
    .action(async (file: string | undefined, { force, ...flags }: Flags) => {
      const [kind = 'audit', other] = KINDS.filter((one) => flags[one]);
      if (other !== undefined)
        throw new AuditError(
          'MLD_USAGE',
          `--${kind} and --${other} are two kinds of file`,
          'Give one of them.',
        );
      const { name, text, next } = TEMPLATES[kind];
      const path = file ?? name;
      if (path === '') throw new AuditError('MLD_USAGE', 'the file has no name', 'Give the file to write.');
      await write(resolve(path), await text(), force === true);
      io.stdout.write(`${path} is written. Next: ${next(path)}\n`);
    });
}

const KINDS = ['own', 'study', 'policy'] as const;

/** Loaded late: help needs none of them. */
const TEMPLATES = {
  audit: {
    name: 'audit.yaml',
    text: async () => (await import('../config/init-template.ts')).auditTemplate(),
    next: (path: string) => `ml-doctor plan ${path}, then ml-doctor audit ${path}`,
  },
  own: {
    name: 'audit.yaml',
    text: async () => (await import('../config/init-own-template.ts')).ownTemplate(),
    next: (path: string) =>
      `name your model and records in it, then ml-doctor plan ${path} and ml-doctor audit ${path}`,
  },
  study: {
    name: 'study.yaml',
    text: async () => (await import('../config/init-template.ts')).studyTemplate(),
    next: (path: string) => `ml-doctor plan ${path}, then ml-doctor study ${path}`,
  },
  policy: {
    name: 'policy.yaml',
    text: async () => (await import('../config/policy/policy-template.ts')).policyTemplate(),
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
