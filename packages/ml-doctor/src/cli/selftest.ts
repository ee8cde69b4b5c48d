/** `ml-doctor selftest`: whether this installation measures right, and whether a plugin keeps to the rules. */

import type { Command } from 'commander';
import type { CheckResult } from '../audit/selftest/run-selftest.ts';
import { toolVersion } from '../audit/tool-version.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';
import { loadFiles } from './list.ts';

interface Flags {
  readonly quick?: true;
  readonly json?: true;
  readonly plugins?: readonly string[];
}

/** 1: a check says no. */
const FAILED = 1;
/** Findings of one check that are printed as text; `--json` has them all. */
const MOST_SHOWN = 3;
const SHOWN_LENGTH = 300;

export function addSelftest(program: Command, context: CommandContext): void {
  const { io, signal } = context;
  program
    .command('selftest')
    .description('check on planted leaks and known answers that this installation measures right')
    .option('--quick', 'a few attacks only, in seconds')
    .option(
      '--plugins <file...>',
      'run the contract suite over the attacks and defences of these files instead',
    )
    .option('--json', 'the results as JSON on stdout')
    .addHelpText(
      'after',
      `
A right installation fails with a probability below 1 in 10,000 over a redraw of all seeds; the seeds are fixed.
A file that --plugins names is run.

Examples:
  ml-doctor selftest
  ml-doctor selftest --quick --json
  ml-doctor selftest --plugins my-attack.ts

Exit status: 0 all checks hold, 1 one does not.`,
    )
    .action(async ({ quick, json, plugins = [] }: Flags) => {
      const loaded = await loadFiles(plugins);
      // What is checked is heavy, and other commands do without it.
      const { installationChecks, pluginGroups, runChecks } = await import(
        '../audit/selftest/run-selftest.ts'
      );
      const groups = loaded.length > 0 ? pluginGroups(loaded) : installationChecks(quick === true);
      let group = '';
      const results = await runChecks(groups, signal, (result) => {
        if (json === true) return;
        if (result.group !== group)
          io.stdout.write(`${group === '' ? '' : '\n'}${printable(result.group)}\n`);
        group = result.group;
        io.stdout.write(lineOf(result));
      });
      const failed = results.filter(({ ok }) => !ok).length;
      if (json === true)
        io.stdout.write(
          `${JSON.stringify({ ...installation(), ok: failed === 0, failed, checks: results }, null, 1)}\n`,
        );
      else io.stdout.write(`\n${summary(results, failed, loaded.length > 0)}\n`);
      if (failed > 0) context.exitStatus = FAILED;
    });
}

const installation = () => ({
  schema: 'ml-doctor/selftest@1',
  version: toolVersion(),
  node: process.version,
  system: `${process.platform} ${process.arch}`,
});

const lineOf = ({ name, ok, findings, seconds }: CheckResult): string => {
  const head = `  ${ok ? 'ok    ' : 'FAILED'}  ${printable(name)} (${seconds.toFixed(1)} s)\n`;
  const told = findings
    .slice(0, MOST_SHOWN)
    .map(
      ({ expected, found }) => `            expected ${cut(expected)}\n            found    ${cut(found)}\n`,
    );
  const more = findings.length - told.length;
  return [head, ...told, ...(more > 0 ? [`            and ${more} more\n`] : [])].join('');
};

const cut = (text: string): string => {
  const plain = printable(text);
  return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain;
};

const summary = (results: readonly CheckResult[], failed: number, plugins: boolean): string => {
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0).toFixed(0);
  const what = plugins ? 'The plugins' : 'This installation';
  if (failed === 0)
    return `All ${results.length} checks hold, in ${seconds} s. ${what} ${plugins ? 'keep to the rules' : 'measures right, as far as they can see'}.`;
  const advice = plugins
    ? 'Correct them before you believe what they report.'
    : 'Do not believe its reports. Please report this with the lines above, your system and `node --version`.';
  return `${failed} of ${results.length} checks failed, in ${seconds} s. ${advice}`;
};
