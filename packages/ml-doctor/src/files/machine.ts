/** Which machine this is, and which of its processes are alive: for files that name their writer. */

import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

let id: string | undefined;

/**
 * Twelve hexadecimal digits that only processes which see each other's process ids share. A reboot and a container are
 * other machines where the system tells (Linux), as their ids begin anew.
 */
export function machineId(): string {
  id ??= createHash('sha256')
    .update(JSON.stringify([hostname(), bootId(), pidNamespace()]))
    .digest('hex')
    .slice(0, 12);
  return id;
}

/** Whether a process of this machine runs, also one of another user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    return '';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
