/** Loads the user's own attacks and defences. Loading a file runs it: only files that the user has named get here. */

import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plugAttack } from '../../attacks/find-attack.ts';
import { plugDefense } from '../../defenses/registry.ts';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { type LoadedPlugin, loadedPlugin, rememberPlugin } from './loaded.ts';
import { pluginExports } from './plugin-exports.ts';
import { digestOfFiles, pluginFiles } from './plugin-files.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/** One after the other, so that of two files with the same name in them the second is refused. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * From then on this process, and the worker processes that it starts, know what is in them. A file that is loaded
 * already is not run again.
 * @param files absolute paths
 * @throws {AuditError} MLD_PLUGIN
 */
export const loadPlugins = async (files: readonly string[]): Promise<readonly LoadedPlugin[]> => {
  const loaded: LoadedPlugin[] = [];
  for (const file of files) {
    const next = turn.then(() => load(file));
    turn = next.catch(() => {});
    loaded.push(await next);
  }
  return loaded;
};

const load = async (file: string): Promise<LoadedPlugin> => {
  const digest = pluginDigest(file);
  const known = loadedPlugin(file);
  if (known?.digest === digest) return known;
  if (known !== undefined) throw changed(file);
  const module = await run(file);
  const found = pluginExports(module, file);
  // What runs is what was digested.
  if (pluginDigest(file) !== digest) throw changed(file);
  const plugin = { file, digest, ...found, contract: module['contract'] };
  for (const attack of plugin.attacks) plugAttack(attack, digest);
  for (const defense of plugin.defenses) plugDefense(defense, digest);
  rememberPlugin(plugin);
  return plugin;
};

/**
 * SHA-256 over a plugin's file and what it imports by relative path; runs nothing.
 * @throws {AuditError} MLD_PLUGIN
 */
export const pluginDigest = (file: string): string => {
  if (!EXTENSIONS.includes(extname(file)))
    throw new AuditError(
      'MLD_PLUGIN',
      `plugin ${file}: the file must end in ${EXTENSIONS.join(', ')}`,
      'Name a module that exports attacks or defences.',
    );
  try {
    if (existsSync(file) && !statSync(file).isFile())
      throw Object.assign(new Error('no file'), { code: 'EISDIR' });
    return digestOfFiles(pluginFiles(file));
  } catch (cause) {
    throw new AuditError(
      'MLD_PLUGIN',
      `plugin ${file}: ${systemReason(cause)}`,
      'Name a file that exists and can be read; paths in a configuration start from its folder.',
      { cause },
    );
  }
};

const changed = (file: string): AuditError =>
  new AuditError(
    'MLD_PLUGIN',
    `plugin ${file}: it has changed since it was loaded`,
    'Start the program again: a module is loaded once.',
  );

const run = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw refusal(file, error);
  }
};

const refusal = (file: string, error: unknown): AuditError => {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const [first = ''] = String(message ?? error).split('\n');
  const failed = (what: string, hint: string) =>
    new AuditError('MLD_PLUGIN', `plugin ${file}: ${what}`, hint, { cause: error });
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return failed(
      `Node ${process.versions.node} does not run TypeScript by itself`,
      'Use Node 22.18 or later, or tsx (NODE_OPTIONS="--import tsx"), or compile the plugin to .js.',
    );
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return failed(first, 'Keep to TypeScript whose types can be taken out, outside of node_modules.');
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
    return failed(
      first,
      'Check the import; for "ml-doctor" itself install it in the project that the plugin is in (npm install ml-doctor).',
    );
  return failed(`it could not be run: ${first}`, 'Correct the module; `node FILE` shows where it fails.');
};
