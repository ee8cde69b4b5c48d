/** The command line as a function: arguments in, exit status out, everything printed through `io`. */

import { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { addDemo } from './demo.ts';
import { EXIT, presentError } from './errors.ts';
import type { Io } from './io.ts';
import { addList } from './list.ts';
import { addReport } from './report.ts';
import type { Services } from './services.ts';
import { toolVersion } from './version.ts';

/** Runs one command; `args` without node and script. Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  io: Io,
  services: Services,
  signal: AbortSignal,
): Promise<number> {
  const context: CommandContext = { io, signal, exitStatus: EXIT.done };
  try {
    await createProgram(context, services).parseAsync(args, { from: 'user' });
    return context.exitStatus;
  } catch (error) {
    return presentError(error, io, { json: args.includes('--json'), signal });
  }
}

function createProgram(context: CommandContext, services: Services): Command {
  const { io } = context;
  const program = new Command('ml-doctor')
    .description('Find out what an attacker can learn from your machine-learning model.')
    .version(toolVersion(), '-V, --version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // presentError prints usage errors in the form of all others.
      outputError: () => {},
    });
  addDemo(program, context, services.runDemo);
  addList(program, context, services.lists);
  addReport(program, context);
  program.addHelpText(
    'after',
    `
Examples:
  ml-doctor demo
  ml-doctor list attacks
  ml-doctor report ml-doctor-out --format html,txt

Exit status: 0 done, 2 your input is at fault, 3 finished with holes, 70 a defect of
ml-doctor, 130 stopped by Ctrl-C.`,
  );
  return program;
}
