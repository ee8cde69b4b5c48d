/** Reads a catalogue file and refuses it unless its bytes are the published ones. */
import { createHash } from 'node:crypto';
import { AuditError } from '../errors.ts';
import { readRegular } from '../files/regular-file.ts';
import { systemReason } from '../files/system-error.ts';

export interface FileRecord {
  /** Path below the data folder, with forward slashes. */
  readonly name: string;
  readonly sha256: string;
  /** sha256 of other files that hold the same in another layout; they are as welcome. */
  readonly sameContent?: readonly string[];
  /** Inflated size, the limit given to the reader. */
  readonly inflatedBytes: number;
}

/**
 * Reads `path` and hands it to `parse`, checking the sha256 on every read.
 *
 * A file with the wrong checksum goes through `parse` as well, only for its complaint: "cut short" helps more
 * than "other bytes than expected".
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_CHECKSUM, and whatever `parse` throws
 */
export async function readChecked<T>(
  path: string,
  expected: FileRecord,
  parse: (bytes: Uint8Array, file: string, maxBytes: number) => T | Promise<T>,
): Promise<T> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegular(path);
  } catch (cause) {
    throw new AuditError(
      'MLD_DATA_UNREADABLE',
      `${path}: cannot be read: ${systemReason(cause)}`,
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'Reinstall the package, or check the data folder you gave.'
        : 'Check the permissions of the file.',
      { cause },
    );
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  const content = await parse(bytes, path, expected.inflatedBytes);
  if (found !== expected.sha256 && !expected.sameContent?.includes(found)) {
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${path}: sha256 is ${found}, expected ${expected.sha256}`,
      'The file is not the published one: reinstall the package, or download the file again.',
    );
  }
  return content;
}
