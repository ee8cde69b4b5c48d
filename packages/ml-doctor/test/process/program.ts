/** The real program as a process, from source, with its events. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** An event line of `--json`, or the error line. */
export interface EventLine {
  readonly type: string;
  readonly key?: string;
  readonly task?: string;
  readonly code?: string;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whole lines of JSON on stderr. */
  readonly events: readonly EventLine[];
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stderr holds what matches, or the process has ended. */
  seen(pattern: RegExp): Promise<void>;
}

/** @param main another entry point, as of a copy of the sources. */
export function startProgram(args: readonly string[], { main = MAIN, cwd = process.cwd() } = {}): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const waiting: { pattern: RegExp; resolve: () => void }[] = [];
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (some: string) => {
      text[name] += some;
      for (const { pattern, resolve } of waiting) if (pattern.test(text.stderr)) resolve();
    });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => {
      for (const each of waiting) each.resolve();
      resolve({ status, signal, ...text, events: eventsIn(text.stderr) });
    });
  });
  return {
    pid: child.pid as number,
    ended,
    kill: (signal) => child.kill(signal),
    seen: (pattern) =>
      new Promise((resolve) => {
        if (pattern.test(text.stderr) || child.exitCode !== null) resolve();
        else waiting.push({ pattern, resolve });
      }),
  };
}

export const runProgram = (args: readonly string[], options?: Parameters<typeof startProgram>[1]) =>
  startProgram(args, options).ended;

/** Processes that a process has started and that live; none where the system does not say. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean);
  } catch {
    return [];
  }
}

/** What a text has of whole lines that are events. */
export function eventsIn(text: string): EventLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null && 'type' in value ? [value as EventLine] : [];
    } catch {
      // The last line of a killed process may be cut.
      return [];
    }
  });
}
