/** Puts a case's files where it wants them, and tells afterwards what is there that should not be. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { BadCase, Planted } from './bad-case.ts';

const plant = (path: string, what: Planted): void => {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof what === 'string' || what instanceof Uint8Array) writeFileSync(path, what);
  else if ('link' in what) symlinkSync(what.link, path);
  else if (what.special === 'folder') mkdirSync(path);
  else if (what.special === 'pipe') execFileSync('mkfifo', [path]);
  else {
    writeFileSync(path, 'locked');
    chmodSync(path, 0);
  }
};

export const placeCase = (folder: string, { files }: BadCase): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, what] of Object.entries(files?.() ?? {})) plant(join(folder, name), what);
};

/** Everything below a folder, with what it holds. */
export const snapshot = (folder: string, below = ''): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(folder, below))) {
    const path = join(below, name);
    const full = join(folder, path);
    const stat = lstatSync(full);
    if (stat.isDirectory()) {
      found.set(path, 'folder');
      for (const [inner, what] of snapshot(folder, path)) found.set(inner, what);
    } else if (stat.isSymbolicLink()) found.set(path, `link to ${readlinkSync(full)}`);
    else if (stat.isFile() && (stat.mode & 0o400) !== 0)
      found.set(path, createHash('sha256').update(readFileSync(full)).digest('hex'));
    else found.set(path, `mode ${stat.mode}`);
  }
  return found;
};

/** Names that came, went or changed. */
export const changed = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
