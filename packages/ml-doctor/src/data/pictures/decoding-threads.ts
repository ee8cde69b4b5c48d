/** Starts the threads that decode pictures, watches them, and says what they found. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CONTROL, type DecodingJob, type Fault, stopBefore } from './decoding-job.ts';

/** Between two looks at how far the threads are. */
const LOOK_MS = 100;

export interface WatchOptions {
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/**
 * Runs the job on as many threads as are of use. Returns what is wrong with pictures, in their order: when the job was
 * ended by one, this one is the first that ends it, whatever the number of threads. Aborted, it returns soon.
 *
 * @param pictures how many there are
 */
export const runThreads = async (
  job: DecodingJob,
  pictures: number,
  { workers = availableParallelism(), signal, onProgress = () => {} }: WatchOptions,
): Promise<readonly Fault[]> => {
  const { control, chunk } = job;
  const stop = () => stopBefore(control, 0);
  if (signal?.aborted) return [];
  signal?.addEventListener('abort', stop);
  const look = setInterval(() => onProgress(Atomics.load(control, CONTROL.done)), LOOK_MS);
  const faults: Fault[] = [];
  try {
    const threads = Math.max(1, Math.min(workers, Math.ceil(pictures / chunk)));
    const ends = Array.from({ length: threads }, () => runThread(job, (fault) => faults.push(fault), stop));
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    clearInterval(look);
    signal?.removeEventListener('abort', stop);
  }
  if (!signal?.aborted) onProgress(Atomics.load(control, CONTROL.done));
  return faults.sort((a, b) => a.picture - b.picture);
};

const runThread = (job: DecodingJob, onFault: (fault: Fault) => void, stop: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const thread = startThread(job);
    thread.on('message', onFault);
    thread.on('error', (error) => {
      stop();
      reject(error);
    });
    thread.on('exit', () => resolve());
  });

/** A thread from source needs an entry that Node itself can read. */
const entry = import.meta.url.endsWith('.ts') ? './decoding-thread-from-source.mjs' : './decoding-thread.js';

const startThread = (workerData: DecodingJob): Worker =>
  new Worker(new URL(entry, import.meta.url), { workerData });
