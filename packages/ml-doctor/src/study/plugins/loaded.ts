/** The plugins that this process has loaded, so that its worker processes can load the same. */

import type { Attack } from '../../attacks/registry.ts';
import type { Defense } from '../../defenses/defense.ts';

export interface LoadedPlugin {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256 over the file and what it imports by relative path. */
  readonly digest: string;
  readonly attacks: readonly Attack[];
  readonly defenses: readonly Defense[];
  /** What it exports as `contract`: how its attacks are tried out. */
  readonly contract: unknown;
}

const loaded = new Map<string, LoadedPlugin>();

export const rememberPlugin = (plugin: LoadedPlugin): void => {
  loaded.set(plugin.file, plugin);
};

/** By absolute path. */
export const loadedPlugin = (file: string): LoadedPlugin | undefined => loaded.get(file);

export const loadedPlugins = (): readonly LoadedPlugin[] => [...loaded.values()];
