/** Undoes gzip on untrusted bytes: bounded output, and an error that says in what way the file is broken. */
import { gunzipSync } from 'node:zlib';
import { AuditError } from '../../errors.ts';

/** Larger than any file we read; a small file that inflates past this is an attack or a mistake. */
export const MAX_INFLATED_BYTES = 2 ** 31;

const GET_AGAIN = 'Copy or download the file again.';

/**
 * Returns the content of `bytes`, inflated when they start with gzip's magic number and as they are
 * otherwise.
 *
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_TRUNCATED when the stream ends early, MLD_DATA_CHECKSUM when its CRC does not
 * match, MLD_DATA_INVALID when it is corrupt, followed by other bytes, or larger than `maxBytes` once
 * inflated
 */
export function gunzipIfNeeded(bytes: Uint8Array, file: string, maxBytes = MAX_INFLATED_BYTES): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  let inflated: InflatedWithInfo;
  try {
    inflated = gunzipSync(bytes, { maxOutputLength: maxBytes, info: true }) as unknown as InflatedWithInfo;
  } catch (cause) {
    throw explain(cause, bytes.length, file, maxBytes);
  }
  const used = inflated.engine.bytesWritten;
  if (used !== bytes.length) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${file}: the gzip stream ends after ${used} bytes, but the file has ${bytes.length}`,
      'Remove what follows the gzip stream, or download the file again.',
    );
  }
  return inflated.buffer;
}

/** What zlib returns under `info: true`, which its type declarations leave out. */
interface InflatedWithInfo {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function explain(cause: unknown, length: number, file: string, maxBytes: number): unknown {
  if (!(cause instanceof Error) || !('code' in cause)) return cause;
  switch (cause.code) {
    case 'Z_BUF_ERROR':
      return new AuditError(
        'MLD_DATA_TRUNCATED',
        `${file}: the gzip stream is cut short, it has no end within its ${length} bytes`,
        GET_AGAIN,
        { cause },
      );
    case 'ERR_BUFFER_TOO_LARGE':
      return new AuditError(
        'MLD_DATA_INVALID',
        `${file}: inflates to more than the ${maxBytes} bytes expected at most`,
        'Check that this is the right file.',
        { cause },
      );
    case 'Z_DATA_ERROR':
      return /data check|length check/.test(cause.message)
        ? new AuditError(
            'MLD_DATA_CHECKSUM',
            `${file}: the gzip stream does not match its own checksum (${cause.message})`,
            GET_AGAIN,
            { cause },
          )
        : new AuditError(
            'MLD_DATA_INVALID',
            `${file}: the gzip stream is corrupt (${cause.message})`,
            GET_AGAIN,
            { cause },
          );
    default:
      return cause;
  }
}
