/** The state of an unfinished task as one file: the SHA-256 of what follows, then the bytes. */

import { readFile, rm } from 'node:fs/promises';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { sha256 } from '../canonical-json.ts';
import type { TaskCheckpoint } from '../task.ts';

const DIGEST_BYTES = 32;

export function folderCheckpoint(path: string): TaskCheckpoint & { drop(): Promise<void> } {
  return {
    async load() {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes === undefined || bytes.length < DIGEST_BYTES) return undefined;
      const content = new Uint8Array(bytes.subarray(DIGEST_BYTES));
      return sha256(content) === bytes.subarray(0, DIGEST_BYTES).toString('hex') ? content : undefined;
    },
    async save(bytes) {
      const digest = Buffer.from(sha256(bytes), 'hex');
      // A checkpoint only saves time: without room for it the training goes on.
      await writeFileAtomically(path, Buffer.concat([digest, bytes])).catch(() => undefined);
    },
    async drop() {
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}
