/** Where a gateway listens: a socket in a folder of its own that no other user can enter. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** macOS has room for 104 bytes with the closing zero, Linux for 108. */
const LONGEST_PATH = 103;
/** What `mkdtemp` and the socket's own name add to a folder. */
const ADDED = '/mld-XXXXXX/s'.length;

export interface SocketPlace {
  readonly address: string;
  /** Removes it; safe to call twice. */
  remove(): void;
}

/** A fresh place. Removed also when the process exits without asking for it, unless it is killed. */
export const socketPlace = async (folder = tmpdir()): Promise<SocketPlace> => {
  // A pipe is visible to its user's session only, has no folder, and is gone with its server.
  if (process.platform === 'win32')
    return { address: `\\\\.\\pipe\\mld-${randomUUID()}`, remove: () => undefined };
  const fits = Buffer.byteLength(folder) + ADDED <= LONGEST_PATH;
  // mkdtemp makes it with mode 0700.
  const own = await mkdtemp(join(fits ? folder : '/tmp', 'mld-'));
  const tidy = () => rmSync(own, { recursive: true, force: true });
  process.once('exit', tidy);
  return {
    address: join(own, 's'),
    remove: () => {
      process.off('exit', tidy);
      tidy();
    },
  };
};
