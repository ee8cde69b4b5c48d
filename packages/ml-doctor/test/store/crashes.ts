/** What crashes and bad disks leave in a store, for tests that plant it there. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machineId } from '../../src/files/machine.ts';

/** The id of a process that has ended. */
export const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Name of a temporary file whose writer is as told. */
export function temporaryName(writer: 'alive' | 'dead' | 'elsewhere', tag: string | number): string {
  const names = {
    alive: `${machineId()}.${process.pid}`,
    dead: `${machineId()}.${deadPid}`,
    elsewhere: 'ffffffffffff.1',
  };
  return `.tmp-${names[writer]}-${tag}`;
}

export function plant(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** Changes one bit of a file. */
export function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at % bytes.length]! ^= 1;
  writeFileSync(path, bytes);
}

/** Every file below a folder: its path from there, and its bytes as text of one character each. */
export function contentsOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}
