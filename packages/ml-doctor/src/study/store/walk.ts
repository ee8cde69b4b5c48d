/** What lies in a store's folders. Files that are not the store's own are passed over, so that nothing ever deletes them. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { isTemporary } from '../../files/temporaries.ts';
import { DECODED } from './decoded.ts';
import { inParallel } from './in-parallel.ts';

/** Finished tasks, blobs, and the state of unfinished tasks. */
export const PARTS = ['tasks', 'blobs', 'scratch'] as const;

export type Part = (typeof PARTS)[number];

/** Where a file of that id lies: in one of 256 folders named by its first two digits. */
export const placeOf: Readonly<Record<Part, (folder: string, id: string) => string>> = {
  tasks: (folder, id) => join(folder, 'tasks', id.slice(0, 2), `${id}.json`),
  blobs: (folder, id) => join(folder, 'blobs', id.slice(0, 2), id.slice(2)),
  scratch: (folder, id) => join(folder, 'scratch', id.slice(0, 2), `${id}.ckpt`),
};

const idOf: Readonly<Record<Part, (shard: string, name: string) => string | undefined>> = {
  tasks: (shard, name) => keyIn(shard, name, '.json'),
  blobs: (shard, name) => digest(`${shard}${name}`),
  scratch: (shard, name) => keyIn(shard, name, '.ckpt'),
};

/** One part of a store, as it was when it was read. */
export interface Listing {
  /** SHA-256 in hexadecimal: keys of tasks, or digests of blobs. */
  readonly ids: readonly string[];
  /** Paths of files that are being written, or were when their writer was killed. */
  readonly temporaries: readonly string[];
  /** Paths of the folders that hold the files. */
  readonly folders: readonly string[];
}

/** A part that does not exist is empty. Throws `MLD_STORE_CORRUPT` when a folder cannot be read. */
export async function listPart(folder: string, part: Part): Promise<Listing> {
  const root = join(folder, part);
  const found: { shard: string; names: readonly string[] }[] = [];
  const shards = (await namesIn(root)) ?? [];
  const own = shards.filter((name) => /^[0-9a-f]{2}$/.test(name));
  await inParallel(own, async (shard) => {
    const names = await namesIn(join(root, shard));
    if (names !== undefined) found.push({ shard, names });
  });
  found.sort((a, b) => (a.shard < b.shard ? -1 : 1));
  const temporaries = (shard: string, names: readonly string[]) =>
    names.filter(isTemporary).map((name) => join(root, shard, name));
  return {
    ids: found.flatMap(({ shard, names }) =>
      names.map((name) => idOf[part](shard, name)).filter((id) => id !== undefined),
    ),
    temporaries: [
      ...temporaries('', shards),
      ...found.flatMap(({ shard, names }) => temporaries(shard, names)),
    ],
    folders: found.map(({ shard }) => join(root, shard)),
  };
}

/** Paths of all temporary files of a store. Throws as {@link listPart}. */
export async function temporariesIn(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)) ?? [];
  const decoded = (await namesIn(join(folder, DECODED))) ?? [];
  const parts = await Promise.all(PARTS.map((part) => listPart(folder, part)));
  return [
    ...names.filter(isTemporary).map((name) => join(folder, name)),
    ...decoded.filter(isTemporary).map((name) => join(folder, DECODED, name)),
    ...parts.flatMap(({ temporaries }) => temporaries),
  ];
}

/** Undefined for what is not there, or no folder. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new AuditError(
      'MLD_STORE_CORRUPT',
      `the folder ${path} of the store cannot be read: ${systemReason(error)}`,
      'Make it readable for this user, or choose another store (--store).',
      { cause: error },
    );
  }
}

function keyIn(shard: string, name: string, extension: string): string | undefined {
  const id = name.endsWith(extension) ? digest(name.slice(0, -extension.length)) : undefined;
  return id?.startsWith(shard) === true ? id : undefined;
}

function digest(text: string): string | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}
