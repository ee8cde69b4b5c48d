/** One worker process, seen from the pool: started, given one task at a time, stopped. */

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TaskFailure } from '../failure.ts';
import type { Task } from '../task.ts';
import type { TaskHooks, TaskOutcome } from './executor.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** How a worker is started. */
export interface WorkerOptions {
  /** The store's folder. */
  readonly folder: string;
  /** URL of a module that exports `handlers`. */
  readonly handlers: string;
  /** Limit of the JavaScript heap; what onnxruntime allocates is outside of it. */
  readonly memoryMiB?: number;
}

/** How long an aborted task may take to stop by itself. */
const GRACE_MS = 1000;
/** Characters kept of what a worker writes to stdout and stderr, to explain its death. */
const OUTPUT_KEPT = 4000;
/** After death, how long to wait for the rest of its output. */
const LAST_WORDS_MS = 200;

const fromSource = import.meta.url.endsWith('.ts');

interface Job {
  readonly task: Task;
  readonly hooks: TaskHooks;
  readonly settle: (outcome: TaskOutcome) => void;
}

/** Runs one task after another until it is killed or dies. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #alive = true;
  #ready = false;
  #output = '';
  #job: Job | undefined;

  constructor({ folder, handlers, memoryMiB }: WorkerOptions) {
    const main = fileURLToPath(
      new URL(fromSource ? './worker-main.ts' : './worker-main.js', import.meta.url),
    );
    this.#child = fork(main, [folder, handlers], {
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

  get alive(): boolean {
    return this.#alive;
  }

  /** One task at a time. An aborted task that does not stop soon takes the process with it. */
  async run(task: Task, hooks: TaskHooks): Promise<TaskOutcome> {
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#send({ type: 'abort' });
      grace = setTimeout(() => this.#child.kill('SIGKILL'), this.#ready ? GRACE_MS : 0);
    };
    try {
      return await new Promise<TaskOutcome>((settle) => {
        this.#job = { task, hooks, settle };
        if (!this.#alive)
          return this.#settle({ status: 'failed', failure: deathOf(task, 'had ended', true, '') });
        if (this.#ready) this.#send({ type: 'run', task });
        hooks.signal.addEventListener('abort', abort, { once: true });
        if (hooks.signal.aborted) abort();
      });
    } finally {
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
      const report = (how: string, transient: boolean) => {
        this.#alive = false;
        this.#settle({ status: 'failed', failure: deathOf(this.#job?.task, how, transient, this.#output) });
        resolve();
      };
      child.on('error', (error) => {
        if (child.pid === undefined) report(`could not be started (${error.message})`, true);
      });
      child.once('exit', (code, signal) => {
        this.#alive = false;
        const how = signal === null ? `ended with exit status ${code}` : `was ended by ${signal}`;
        const transient = signal !== null && FROM_OUTSIDE.has(signal);
        // Its pipes may still hold the message that explains the death; `close` says that they are empty.
        const patience = setTimeout(() => report(how, transient), LAST_WORDS_MS);
        child.once('close', () => {
          clearTimeout(patience);
          report(how, transient);
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
    } else {
      this.#settle(message.outcome);
    }
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

/** Signals that somebody else sends; the others come from a defect that would only repeat itself. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
]);

function deathOf(task: Task | undefined, how: string, transient: boolean, output: string): TaskFailure {
  const heap = output.includes('heap out of memory');
  const hint = heap
    ? 'Give each worker more memory, or make the task smaller.'
    : transient
      ? 'If the system ran out of memory, run fewer workers at once; then run again.'
      : 'Run it in this process (inline) to see where it stops; the detail holds its last output.';
  return {
    code: 'MLD_WORKER_DIED',
    message: `the worker process of "${task?.label}" ${how}${heap ? ': its JavaScript heap is full' : ''}`,
    hint,
    transient,
    ...(output === '' ? {} : { detail: output }),
  };
}

/** From source, a worker needs the same TypeScript loader and export condition as its parent has. */
function sourceFlags(): string[] {
  if (!fromSource) return [];
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, '--conditions=source'];
}
