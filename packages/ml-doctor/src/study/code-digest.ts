/** Digest of the source files a kind of task depends on, so that a fixed bug gives another task key. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, sha256 } from './canonical-json.ts';

// What runs is what is digested: the TypeScript sources when run from source, the built files when run built.
const fromSource = import.meta.url.endsWith('.ts');
const extension = fromSource ? '.ts' : '.js';
const digests = new Map<string, string>();

/**
 * @param entries folders or files as `PACKAGE/PATH` without extension, for example `onnx-grad/train`,
 *   `ml-doctor/errors`; a bare `PACKAGE` means all of it. Order and repetition do not matter; tests are left out.
 *
 * Each entry is read once per process. Throws `internal: …` for an entry that does not exist, since a misspelt one
 * would let stale results pass.
 */
export function codeDigest(entries: readonly string[]): string {
  const unique = [...new Set(entries)].sort();
  return sha256(canonicalJson(unique.map((entry) => [entry, entryDigest(entry)])));
}

function entryDigest(entry: string): string {
  const known = digests.get(entry);
  if (known !== undefined) return known;
  const [name = '', ...path] = entry.split('/');
  const folder = join(packageSources(name), ...path);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const digest = isFolder ? folderDigest(folder) : fileDigest(`${folder}${extension}`, entry);
  digests.set(entry, digest);
  return digest;
}

/** Digest of the names and contents of every source file below a folder, tests excepted; not of the folder's place. */
export function folderDigest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.endsWith(`.test${extension}`))
    .map((file) => [file.split(sep).join('/'), sha256(readFileSync(join(folder, file)))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (files.length === 0) throw new Error(`internal: no ${extension} files in ${folder}`);
  return sha256(canonicalJson(files));
}

function fileDigest(file: string, entry: string): string {
  if (!existsSync(file))
    throw new Error(`internal: no source folder or file "${entry}" (looked for ${file})`);
  return sha256(readFileSync(file));
}

function packageSources(name: string): string {
  if (name === 'ml-doctor') return fileURLToPath(new URL('../', import.meta.url));
  return join(packageFolder(name), fromSource ? 'src' : 'dist');
}

/** The folder of an installed package, found without its entry point, which need not be built. */
export function packageFolder(name: string): string {
  const searched = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = searched
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined) throw new Error(`internal: package "${name}" not found in ${searched.join(', ')}`);
  return found;
}
