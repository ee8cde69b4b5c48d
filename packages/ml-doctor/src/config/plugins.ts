/** `plugins:` of a configuration: files with the user's own attacks and defences, loaded before the rest is read. */

import { dirname, resolve } from 'node:path';
import { AuditError } from '../errors.ts';
import { loadPlugins, pluginDigest } from '../study/plugins/load-plugins.ts';
import { loadedPlugin } from '../study/plugins/loaded.ts';
import type { PluginChoice } from './config.ts';
import type { PlacedSource } from './config-source.ts';

interface Named {
  readonly index: number;
  readonly file: string;
  readonly sha256?: string;
}

/** Those that are written as they should be; what the schema finds wrong is left to it. */
const namedIn = (value: unknown): Named[] => {
  const list = (value as { readonly plugins?: unknown } | null)?.plugins;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown, index): Named[] => {
    if (typeof one === 'string') return one === '' ? [] : [{ index, file: one }];
    const { file, sha256 } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof file !== 'string' || file === '') return [];
    return [{ index, file, ...(typeof sha256 === 'string' && { sha256 }) }];
  });
};

/** Paths start from the folder of the configuration. */
const absolute = (file: string, config: string): string => resolve(dirname(config), file);

/**
 * Runs the files that the configuration names.
 * @param config its path
 * @throws {AuditError} MLD_PLUGIN, with the place of the name
 */
export const loadNamedPlugins = async (
  value: unknown,
  source: PlacedSource,
  config: string,
): Promise<void> => {
  for (const { index, file, sha256 } of namedIn(value)) {
    const path = absolute(file, config);
    try {
      // Before anything of it runs.
      if (sha256 !== undefined) refuseOther(path, sha256);
      await loadPlugins([path]);
    } catch (error) {
      if (error instanceof AuditError && error.code === 'MLD_PLUGIN')
        throw source.fault(['plugins', index], error.message, error.hint, 'MLD_PLUGIN');
      throw error;
    }
  }
};

const refuseOther = (path: string, sha256: string): void => {
  const found = pluginDigest(path);
  if (found !== sha256)
    throw new AuditError(
      'MLD_PLUGIN',
      `plugin ${path}: its files have the digest ${found}, and the configuration asks for ${sha256}`,
      'Use the files that it was written for, or leave sha256 out to use these.',
    );
};

/**
 * What is loaded of those that a configuration names.
 * @throws {AuditError} MLD_PLUGIN for one that is not
 */
export const pluginChoices = (value: unknown, source: PlacedSource, config: string): PluginChoice[] =>
  namedIn(value).map(({ index, file }) => {
    const plugin = loadedPlugin(absolute(file, config));
    if (plugin === undefined)
      throw source.fault(
        ['plugins', index],
        `plugin ${file} is not loaded`,
        'Read the file with loadConfig, which loads what it names.',
        'MLD_PLUGIN',
      );
    return { file, sha256: plugin.digest };
  });
