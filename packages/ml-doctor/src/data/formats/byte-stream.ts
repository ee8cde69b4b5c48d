/** Streams part of a file, stored, deflated or gzipped, in blocks: bounded output, and errors that say what is broken. */
import { Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { AuditError } from '../../errors.ts';
import type { FileBytes } from './file-bytes.ts';

export interface ByteRange {
  /** How errors name it. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly method: 'stored' | 'deflate' | 'gzip';
}

const GET_AGAIN = 'Copy or download the file again.';
const BLOCK = 2 ** 18;

/** Below this nothing is too dense: it takes a moment and no memory to go through. */
const DENSE_BYTES = 2 ** 28;
/** Deflate reaches 1,032; arrays of numbers hardly reach 100, even of nothing but one-hot columns. */
const DENSE_RATIO = 500;

/**
 * The content of a range, block by block. A block is overwritten by the next one: take what you need of it first.
 *
 * @throws {AuditError} MLD_DATA_TRUNCATED, MLD_DATA_CHECKSUM (gzip), MLD_DATA_INVALID for a corrupt stream or bytes after
 *   its end, MLD_LIMIT for one that inflates to far more than data do
 */
export async function* byteStream(
  file: FileBytes,
  range: ByteRange,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { name, start, end, method } = range;
  if (method === 'stored') {
    for await (const block of file.blocks(start, end, true)) {
      signal?.throwIfAborted();
      yield block;
    }
    return;
  }
  const options = { chunkSize: BLOCK };
  const inflater = method === 'deflate' ? createInflateRaw(options) : createGunzip(options);
  const source = Readable.from(file.blocks(start, end), { objectMode: true, highWaterMark: 1 });
  source.on('error', (error) => inflater.destroy(error));
  source.pipe(inflater);
  let total = 0;
  try {
    for await (const block of inflater as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      total += block.length;
      if (total > DENSE_BYTES && total > DENSE_RATIO * (end - start))
        throw tooDense(name, total, end - start);
      yield block;
    }
  } catch (error) {
    throw explain(error, name);
  } finally {
    source.destroy();
    inflater.destroy();
  }
  if (inflater.bytesWritten !== end - start) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${name}: its compressed data end after ${inflater.bytesWritten} of ${end - start} bytes`,
      GET_AGAIN,
    );
  }
}

function explain(error: unknown, name: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof AuditError || !code?.startsWith('Z_')) return error;
  if (code === 'Z_BUF_ERROR') {
    return new AuditError('MLD_DATA_TRUNCATED', `${name}: its compressed data are cut short`, GET_AGAIN, {
      cause: error,
    });
  }
  return /data check|length check/.test(message)
    ? new AuditError(
        'MLD_DATA_CHECKSUM',
        `${name}: does not match its own checksum (${message})`,
        GET_AGAIN,
        {
          cause: error,
        },
      )
    : new AuditError('MLD_DATA_INVALID', `${name}: its compressed data are corrupt (${message})`, GET_AGAIN, {
        cause: error,
      });
}

function tooDense(name: string, total: number, from: number): AuditError {
  return new AuditError(
    'MLD_LIMIT',
    `${name}: ${from} bytes inflate to more than ${total}, as data hardly do`,
    'Where this is meant, save it without compression (np.savez instead of np.savez_compressed).',
  );
}
