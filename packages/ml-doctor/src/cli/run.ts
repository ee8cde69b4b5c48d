/** The command line as a function: arguments in, exit status out, everything printed through `io`. */

import { Command } from 'commander';
import { toolVersion } from '../audit/tool-version.ts';
import { addAudit } from './audit.ts';
import type { CommandContext } from './context.ts';
import { addData } from './data.ts';
import { addDemo } from './demo.ts';
import { EXIT, presentError } from './errors.ts';
import { addFigures } from './figures.ts';
import { addGate } from './gate.ts';
import { addInit } from './init.ts';
import type { Io } from './io.ts';
import { addList } from './list.ts';
import { addPlan } from './plan.ts';
import { addReport } from './report.ts';
import { addSelftest } from './selftest.ts';
import type { Services } from './services.ts';
import { addStore } from './store.ts';
import { addStudy } from './study.ts';

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
  addDemo(program, context, services);
  addInit(program, context);
  addAudit(program, context, services);
  addStudy(program, context, services);
  addPlan(program, context, services);
  addFigures(program, context);
  addReport(program, context);
  addGate(program, context);
  addList(program, context, services.lists);
  addData(program, context, services.lists.datasets);
  addSelftest(program, context);
  addStore(program, context, services.plannedKeys);
  program.addHelpText(
    'after',
    `
Examples:
  ml-doctor demo
  ml-doctor init && ml-doctor plan audit.yaml && ml-doctor audit audit.yaml
  ml-doctor list attacks
  ml-doctor report ml-doctor-out --format html,txt

Exit status: 0 done, 1 a check says no, 2 your input is at fault, 3 finished with holes, 70 a defect of
ml-doctor, 130 stopped by Ctrl-C.`,
  );
  return program;
}
