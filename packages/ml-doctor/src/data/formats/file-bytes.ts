/** A user's file, opened for reading parts of it: none is held in memory, and what is no regular file is refused. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';

export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /** Exactly these bytes; MLD_DATA_TRUNCATED where the file ends before them. */
  read(start: number, length: number): Promise<Buffer>;
  /** The bytes from `start` to before `end` in blocks; a block is overwritten by the next when `reuse` is set. */
  blocks(start: number, end: number, reuse?: boolean): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Bytes of a block: large enough that a disk is read at its speed, small beside any sample. */
const BLOCK = 2 ** 18;

/**
 * Opens `path`, lets `use` read it, closes it.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, and what `use` throws
 */
export async function withFile<T>(path: string, use: (file: FileBytes) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    // Not waiting for a writer: a named pipe would never open.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
      throw unreadable(path, systemReason(cause), cause);
    });
    const stat = await handle.stat();
    if (!stat.isFile())
      throw unreadable(path, stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    return await use(fileBytes(path, handle, stat.size));
  } finally {
    await handle?.close();
  }
}

function fileBytes(path: string, handle: FileHandle, size: number): FileBytes {
  const fill = async (buffer: Uint8Array, start: number): Promise<void> => {
    for (let at = 0; at < buffer.length; ) {
      const { bytesRead } = await handle
        .read(buffer, at, buffer.length - at, start + at)
        .catch((cause: unknown) => {
          throw unreadable(path, systemReason(cause), cause);
        });
      if (bytesRead === 0) throw cutShort(path, start + buffer.length, start + at);
      at += bytesRead;
    }
  };
  return {
    path,
    size,
    async read(start, length) {
      if (!(start >= 0 && length >= 0 && start + length <= size)) throw cutShort(path, start + length, size);
      const buffer = Buffer.alloc(length);
      await fill(buffer, start);
      return buffer;
    },
    async *blocks(start, end, reuse = false) {
      let block: Uint8Array | undefined;
      for (let at = start; at < end; ) {
        const length = Math.min(BLOCK, end - at);
        if (!block || !reuse) block = new Uint8Array(length);
        const part = block.subarray(0, length);
        await fill(part, at);
        yield part;
        at += length;
      }
    },
  };
}

function cutShort(path: string, expected: number, found: number): AuditError {
  return new AuditError(
    'MLD_DATA_TRUNCATED',
    `${path}: cut short, ${expected} bytes are needed and there are ${found}`,
    'Copy or download the file again.',
  );
}

function unreadable(path: string, reason: string, cause?: unknown): AuditError {
  return new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${reason}`,
    'Check the path and the permissions of the file.',
    { cause },
  );
}
