/** Architectures that come with a user's own model: its graph with fresh weights. */
import type { GradientArchitecture } from './architecture.ts';

const PREFIX = 'clone:';

/** Of the file, and how it is read: the same name is the same graph everywhere. */
export const ownArchitectureName = (digest: string): string => `${PREFIX}${digest}`;

export const isOwnArchitecture = (name: string): boolean => name.startsWith(PREFIX);

/** The digest in a name made by {@link ownArchitectureName}. */
export const digestOf = (name: string): string => name.slice(PREFIX.length);

const known = new Map<string, GradientArchitecture>();

/** From here on `architecture(name)` finds it. As names are digests, whoever comes second says the same. */
export const registerOwnArchitecture = (own: GradientArchitecture): void => {
  if (!isOwnArchitecture(own.name)) throw new Error(`internal: '${own.name}' is no user's architecture`);
  if (!known.has(own.name)) known.set(own.name, own);
};

export const ownArchitecture = (name: string): GradientArchitecture | undefined => known.get(name);
