/** Long-lived processes that cases are given to, watched for time and memory from outside. */

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ended } from './runner.ts';

export interface Watched extends Partial<Ended> {
  readonly seconds: number;
  /** Growth of the resident memory at its peak; nothing where the system does not tell. */
  readonly mebibytes?: number;
  /** Why there is no exit status. */
  readonly killed?: string;
}

/** Seconds of computing, which a busy machine does not stretch; on the clock, what only a case that hangs takes. */
export const LIMITS = { seconds: 5, hang: 20, mebibytes: 500 } as const;

/** One process at a time; a new one after one that was ended or ended itself. */
export class Runner {
  #child: ChildProcess | undefined;

  async run(order: {
    readonly cwd: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }): Promise<Watched> {
    const child = await this.#ready();
    const pid = child.pid as number;
    return new Promise((resolve) => {
      let started = performance.now();
      let before: number | undefined;
      const seconds = () => (performance.now() - started) / 1000;
      const grown = () => {
        const peak = memoryOf(pid, 'VmHWM');
        return peak === undefined || before === undefined ? undefined : peak - before;
      };
      const end = (result: Omit<Watched, 'seconds'>) => {
        clearInterval(watch);
        child.removeAllListeners('message').removeAllListeners('exit');
        const mebibytes = result.mebibytes ?? grown();
        resolve({ ...result, seconds: seconds(), ...(mebibytes !== undefined && { mebibytes }) });
      };
      const kill = (why: string) => {
        const mebibytes = grown();
        this.#child = undefined;
        child.kill('SIGKILL');
        end({ killed: why, ...(mebibytes !== undefined && { mebibytes }) });
      };
      const watch = setInterval(() => {
        if (seconds() > LIMITS.hang) kill(`not done within ${LIMITS.hang} s`);
        else if ((grown() ?? 0) > LIMITS.mebibytes) kill(`more than ${LIMITS.mebibytes} MiB`);
      }, 50);
      child.on('message', (message: { readonly ready?: true } | Ended) => {
        if ('ready' in message) {
          started = performance.now();
          before = resetPeak(pid);
        } else if ('status' in message) end(message);
      });
      child.once('exit', (status, signal) => {
        this.#child = undefined;
        end({ killed: `the process ended with ${signal ?? status}` });
      });
      child.send(order);
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#child) return this.#child;
    const child = fork(fileURLToPath(new URL('./runner.ts', import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx'), '--conditions=source', '--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (status) => reject(new Error(`the runner ended with ${status}`)));
    });
    child.removeAllListeners('exit');
    return child;
  }
}

/** From Linux's /proc, in MiB. */
function memoryOf(pid: number, what: 'VmHWM' | 'VmRSS'): number | undefined {
  try {
    const found = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found) / 1024;
  } catch {
    return undefined;
  }
}

/** Begins to measure the peak anew; gives where it begins. */
function resetPeak(pid: number): number | undefined {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return memoryOf(pid, 'VmRSS');
  } catch {
    return undefined;
  }
}
