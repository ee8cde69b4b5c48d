/** One worker process, seen from the pool: started, given one task at a time, held to its memory, stopped. */

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Task } from '../task.ts';
import type { TaskHooks, TaskOutcome } from './executor.ts';
import { MEMORY_LOOK_MS, memoryMiBOf } from './memory.ts';
import { type Death, deathBy, failureByDeath, failureByMemory } from './worker-death.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

/** How a worker is started. */
export interface WorkerOptions extends WorkerSettings {
  /** Limit of the whole process, and of its JavaScript heap. */
  readonly memoryMiB?: number;
}

/** How long an aborted task may take to stop by itself. */
const GRACE_MS = 1000;
/** Characters kept of what a worker writes to stdout and stderr, to explain its death. */
const OUTPUT_KEPT = 4000;
/** After death, how long to wait for the rest of its output. */
const LAST_WORDS_MS = 200;
/** A worker that keeps more than this share of its limit between tasks would make the next one pay for the last. */
const KEPT_SHARE = 0.5;

const fromSource = import.meta.url.endsWith('.ts');

interface Job {
  readonly task: Task;
  readonly hooks: TaskHooks;
  readonly settle: (outcome: TaskOutcome) => void;
}

/** Runs one task after another until it is killed or dies. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #limit: number;
  readonly #gone: Promise<void>;
  #alive = true;
  #ready = false;
  #output = '';
  #job: Job | undefined;
  /** MiB at which it was ended for holding too much. */
  #over: number | undefined;
  /** MiB after the last task. */
  #kept = 0;

  constructor({ memoryMiB, ...settings }: WorkerOptions) {
    this.#limit = memoryMiB ?? Number.POSITIVE_INFINITY;
    const main = fileURLToPath(
      new URL(fromSource ? './worker-main.ts' : './worker-main.js', import.meta.url),
    );
    this.#child = fork(main, [JSON.stringify(settings satisfies WorkerSettings)], {
      execArgv: [...sourceFlags(), ...(memoryMiB === undefined ? [] : [`--max-old-space-size=${memoryMiB}`])],
      // Structured clone keeps a NaN loss in a progress event; JSON would make it null.
      serialization: 'advanced',
      // Nothing a task prints may reach our stdout, which `--json` owns, or tear the live line on stderr.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    this.#child.on('message', (message) => this.#hear(message as FromWorker));
    this.#gone = this.#watch();
  }

  /** Whether it can take another task. */
  get fit(): boolean {
    return this.#alive && this.#kept <= KEPT_SHARE * this.#limit;
  }

  /** One task at a time, and only while it is fit. An aborted task that does not stop soon takes the process with it. */
  async run(task: Task, hooks: TaskHooks): Promise<TaskOutcome> {
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#send({ type: 'abort' });
      grace = setTimeout(() => this.#child.kill('SIGKILL'), this.#ready ? GRACE_MS : 0);
    };
    const looks = setInterval(() => this.#look(), MEMORY_LOOK_MS).unref();
    try {
      return await new Promise<TaskOutcome>((settle) => {
        this.#job = { task, hooks, settle };
        if (this.#ready) this.#send({ type: 'run', task });
        hooks.signal.addEventListener('abort', abort, { once: true });
        if (hooks.signal.aborted) abort();
      });
    } finally {
      clearInterval(looks);
      clearTimeout(grace);
      hooks.signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the process at once; a task it runs ends as aborted or failed. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  /** Resolves once the process is gone and the task it ran, if any, has heard of it. */
  #watch(): Promise<void> {
    const child = this.#child;
    return new Promise((resolve) => {
      const report = (death: Death) => {
        this.#alive = false;
        this.#bury(death);
        resolve();
      };
      child.on('error', (error) => {
        const how = `could not be started (${error.message})`;
        if (child.pid === undefined) report({ how, transient: true, output: this.#output });
      });
      child.once('exit', (code, signal) => {
        this.#alive = false;
        // Its pipes may still hold the message that explains the death; `close` says that they are empty.
        const patience = setTimeout(() => report(deathBy(code, signal, this.#output)), LAST_WORDS_MS);
        child.once('close', () => {
          clearTimeout(patience);
          report(deathBy(code, signal, this.#output));
        });
      });
    });
  }

  #hear(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#ready = true;
      if (this.#job !== undefined) this.#send({ type: 'run', task: this.#job.task });
    } else if (message.type === 'progress') {
      this.#job?.hooks.progress(message.event);
    } else if (message.type === 'memory') {
      this.#hold(message.mib);
    } else {
      this.#kept = message.mib;
      this.#settle(message.outcome);
    }
  }

  /** Where the system tells, a worker is measured from here too: one that computes without a pause reports nothing. */
  #look(): void {
    const { pid } = this.#child;
    const mib = pid === undefined || this.#limit === Number.POSITIVE_INFINITY ? undefined : memoryMiBOf(pid);
    if (mib !== undefined) this.#hold(mib);
  }

  /** A worker above its limit is ended, with its task. */
  #hold(mib: number): void {
    if (mib <= this.#limit) return;
    this.#over ??= mib;
    // Its task may yet turn out to have ended; another must not be given to it.
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  #bury(death: Death): void {
    if (this.#job === undefined) return;
    const { task } = this.#job;
    const failure =
      this.#over === undefined ? failureByDeath(task, death) : failureByMemory(task, this.#over, this.#limit);
    this.#settle({ status: 'failed', failure });
  }

  #settle(outcome: TaskOutcome): void {
    const job = this.#job;
    this.#job = undefined;
    job?.settle(job.hooks.signal.aborted && outcome.status === 'failed' ? { status: 'aborted' } : outcome);
  }

  #send(message: ToWorker): void {
    // A message that cannot be delivered means that the process is ending, which `exit` reports.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
  }
}

/** From source, a worker needs the same TypeScript loader and export condition as its parent has. */
function sourceFlags(): string[] {
  if (!fromSource) return ownLoaders(process.execArgv);
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, '--conditions=source'];
}

/** A program that was started with a loader for TypeScript needs it for plugins in its workers too. */
function ownLoaders(flags: readonly string[]): string[] {
  return flags.flatMap((flag, i) => {
    if (/^--(import|require)=/.test(flag)) return [flag];
    return ['--import', '--require', '-r'].includes(flag) ? [flag, flags[i + 1] ?? ''] : [];
  });
}
