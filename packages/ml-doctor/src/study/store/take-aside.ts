/** Deleting with second thoughts: a file loses its name first, and gets it back should somebody turn out to need it. */

import { link, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritable } from '../../files/system-error.ts';
import { temporaryPath } from '../../files/temporaries.ts';

/** A file that nobody finds until `restore` is called. */
export interface TakenFile {
  readonly path: string;
  /** In bytes. */
  readonly length: number;
  /** Gives it its name back, unless something has been written there since. Throws the system's error. */
  restore(): Promise<void>;
  /** Throws `MLD_OUTPUT_UNWRITABLE`; then it is restored. */
  remove(): Promise<void>;
}

/** Undefined when the file is gone already. Throws `MLD_OUTPUT_UNWRITABLE`. */
export async function takeAside(path: string): Promise<TakenFile | undefined> {
  const aside = temporaryPath(dirname(path));
  const restore = async () => {
    const refusal = await link(aside, path).then(() => undefined, codeOf);
    // Some file systems have no second names for a file, and none has them for folders.
    if (refusal !== undefined && refusal !== 'EEXIST') await rename(aside, path).catch(unlessMissing);
    else await unlink(aside).catch(unlessMissing);
  };
  const remove = async () => {
    try {
      await unlink(aside).catch(unlessMissing);
    } catch (error) {
      await restore().catch(() => undefined);
      throw unwritable(path, error);
    }
  };
  try {
    // As young as what is being written: nobody else may take it for something left behind long ago.
    const now = new Date();
    await utimes(path, now, now);
    const { size } = await stat(path);
    await rename(path, aside);
    return { path: aside, length: size, restore, remove };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unwritable(path, error);
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown';

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** Deletes the file unless, now that nobody finds it, `unwanted` says no. Returns its length; undefined when it stays. */
export async function removeIf(
  path: string,
  unwanted: (aside: string) => Promise<boolean>,
): Promise<number | undefined> {
  const taken = await takeAside(path);
  if (taken === undefined) return undefined;
  let unwantedNow = false;
  try {
    unwantedNow = await unwanted(taken.path);
  } finally {
    await (unwantedNow ? taken.remove() : taken.restore());
  }
  return unwantedNow ? taken.length : undefined;
}
