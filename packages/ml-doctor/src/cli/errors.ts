/** Turns whatever a command throws into a message and an exit status. */

import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { printable } from '../report/plain-text.ts';
import { type Io, wantsColour } from './io.ts';

/** Exit statuses; 1 is kept for a gate that says no. */
export const EXIT = { done: 0, input: 2, holes: 3, internal: 70, interrupted: 130, terminated: 143 } as const;

/** Why a run was told to stop: the reason of the abort signal. */
export type StopReason = 'SIGINT' | 'SIGTERM';

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** For the defect report. */
  readonly stack?: string;
}

/**
 * Prints the error to stderr, as text or as one line of JSON, and returns the exit status. After an abort every error
 * counts as the interruption that caused it. Help and version come here too, as commander throws them; they print nothing.
 */
export function presentError(
  error: unknown,
  io: Io,
  options: { json: boolean; signal: AbortSignal },
): number {
  const failure = options.signal.aborted ? interruption(options.signal.reason) : failureOf(error);
  if (failure.code === '') return failure.status;
  if (options.json) {
    const { status, ...rest } = failure;
    io.stderr.write(`${JSON.stringify({ type: 'error', ...rest, exitStatus: status })}\n`);
    return failure.status;
  }
  const red = (text: string) =>
    wantsColour(io.stderr, io.env) ? styleText(['bold', 'red'], text, { validateStream: false }) : text;
  io.stderr.write(
    `${red(`error[${failure.code}]`)}: ${printable(failure.message)}\n  fix: ${printable(failure.hint)}\n`,
  );
  if (failure.stack !== undefined) io.stderr.write(`${failure.stack}\n`);
  return failure.status;
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return usageFailure(error);
  const message = error instanceof Error ? error.message : String(error);
  const { code, hint } = (error ?? {}) as { code?: unknown; hint?: unknown };
  if (typeof code === 'string' && typeof hint === 'string')
    return { status: EXIT.input, code, message, hint };
  return {
    status: EXIT.internal,
    code: 'MLD_INTERNAL',
    message,
    hint: 'This is a defect of ml-doctor. Please report it with the command you ran and the lines below.',
    stack: error instanceof Error && error.stack !== undefined ? error.stack : message,
  };
}

/** commander reports with its own codes; `error: ` in front of its message and the suggestion below become ours. */
function usageFailure({ code, message, exitCode }: CommanderError): Failure {
  if (exitCode === 0) return { status: EXIT.done, code: '', message: '', hint: '' };
  // Plain `ml-doctor`: the help has been printed.
  if (code === 'commander.help') return { status: EXIT.input, code: '', message: '', hint: '' };
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const suggestion = /^\(Did you mean (.+)\?\)$/.exec(rest.join(' ').trim())?.[1];
  return {
    status: EXIT.input,
    code: 'MLD_USAGE',
    message: first,
    hint:
      suggestion === undefined
        ? 'See ml-doctor --help.'
        : `Did you mean ${suggestion}? See ml-doctor --help.`,
  };
}

function interruption(reason: unknown): Failure {
  return {
    status: reason === ('SIGTERM' satisfies StopReason) ? EXIT.terminated : EXIT.interrupted,
    code: 'MLD_ABORTED',
    message: 'stopped before the end',
    hint: 'What is finished is kept: run the same command again to continue.',
  };
}
