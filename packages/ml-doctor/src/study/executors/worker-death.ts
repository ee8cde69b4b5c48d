/** Why a worker process ended in the middle of a task, in words. */

import type { TaskFailure } from '../failure.ts';
import type { Task } from '../task.ts';

/** How a worker process ended. */
export interface Death {
  /** As the end of a sentence: "was ended by SIGKILL". */
  readonly how: string;
  /** Whether the same task may succeed in another worker. */
  readonly transient: boolean;
  /** The last of what the process wrote. */
  readonly output: string;
}

/** Signals that somebody else sends; the others come from a defect that would only repeat itself. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
]);

export function deathBy(code: number | null, signal: NodeJS.Signals | null, output: string): Death {
  if (signal === null) return { how: `ended with exit status ${code}`, transient: false, output };
  return { how: `was ended by ${signal}`, transient: FROM_OUTSIDE.has(signal), output };
}

/** The failure of the task that a worker took with it. */
export function failureByDeath({ label }: Task, { how, transient, output }: Death): TaskFailure {
  const detail = output === '' ? {} : { detail: output };
  if (output.includes('heap out of memory')) {
    return {
      code: 'MLD_WORKER_MEMORY',
      message: `the worker process of "${label}" ${how}: its JavaScript heap is full`,
      hint: MORE_MEMORY,
      transient: false,
      ...detail,
    };
  }
  return {
    code: 'MLD_WORKER_DIED',
    message: `the worker process of "${label}" ${how}`,
    hint: transient
      ? 'If the system ran out of memory, run fewer workers at once; then run again.'
      : 'This looks like a defect of native code; the detail holds its last output.',
    transient,
    ...detail,
  };
}

/** The failure of a task whose worker was ended for holding too much; trying again would end the same way. */
export function failureByMemory({ label }: Task, mib: number, limit: number): TaskFailure {
  return {
    code: 'MLD_WORKER_MEMORY',
    message: `the worker process of "${label}" was ended at ${mib} MiB of memory; the limit is ${limit} MiB`,
    hint: MORE_MEMORY,
    transient: false,
  };
}

const MORE_MEMORY =
  'Allow each worker more memory (--worker-memory; with fewer --workers there is more for each), or make the task smaller.';
