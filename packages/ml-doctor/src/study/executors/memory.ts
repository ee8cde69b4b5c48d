/** How much memory worker processes may hold, and how much they do. */

import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Between two looks at a worker's memory. */
export const MEMORY_LOOK_MS = 250;

/** Of the machine's memory, or of what a container allows, this share is for the workers. */
const WORKERS_SHARE = 0.9;
const MIB = 2 ** 20;

/** A limit with which so many workers cannot exhaust the machine together, in whole MiB. */
export function defaultWorkerMemoryMiB(workers: number): number {
  // 0 or a number beyond any machine stands for no constraint.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.floor((WORKERS_SHARE * Math.min(totalmem(), constrained)) / MIB / workers);
}

/** What this process holds: heap, buffers, native libraries and what they allocated. */
export function ownMemoryMiB(): number {
  return Math.ceil(process.memoryUsage.rss() / MIB);
}

/** The same of another process; undefined where the system does not tell (Linux does) or the process is gone. */
export function memoryMiBOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Math.ceil(Number(kib) / 1024);
  } catch {
    return undefined;
  }
}
