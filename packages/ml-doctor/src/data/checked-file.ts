/** Reads a catalogue file and refuses it unless its bytes are the published ones. */
import { createHash } from 'node:crypto';
import { AuditError } from '../errors.ts';
import { openRegular, readRegular } from '../files/regular-file.ts';
import { systemReason } from '../files/system-error.ts';

export interface FileRecord {
  /** Path below the data folder, with forward slashes. */
  readonly name: string;
  /** Other paths below the data folder at which copies of it lie. */
  readonly alsoAt?: readonly string[];
  /** A folder of files, and not a file; it has no digest and no address. */
  readonly folder?: true;
  /** Of the official file, where it is known. */
  readonly sha256?: string;
  /** Where its publisher gives this one only. */
  readonly md5?: string;
  /** sha256 of other files that hold the same in another layout; they are as welcome. */
  readonly sameContent?: readonly string[];
  /** Inflated size, the limit given to the reader. */
  readonly inflatedBytes: number;
  /** Size as it is downloaded. */
  readonly bytes?: number;
  /** Where its publisher offers it for download without asking anything first. */
  readonly url?: string;
}

/** @throws {AuditError} MLD_DATA_CHECKSUM unless the digest is the published one, where one was published */
export const checkDigest = (
  path: string,
  { sha256, md5, sameContent = [] }: FileRecord,
  digest: (algorithm: 'sha256' | 'md5') => string,
): void => {
  const algorithm = sha256 === undefined ? 'md5' : 'sha256';
  const wanted = sha256 ?? md5;
  if (wanted === undefined) return;
  const found = digest(algorithm);
  if (found === wanted || sameContent.includes(found)) return;
  throw new AuditError(
    'MLD_DATA_CHECKSUM',
    `${path}: ${algorithm} is ${found}, expected ${wanted}`,
    'The file is not the published one: download it again; a bundled one comes back with the package.',
  );
};

/** What is read at a time: large enough for a disk, small beside any archive. */
const BLOCK = 2 ** 20;

/** sha256 or md5 (hex) of a file of any size, a block of it in memory at a time. Throws the system's error, or the signal's reason. */
export async function digestFile(
  path: string,
  algorithm: 'sha256' | 'md5',
  signal?: AbortSignal,
): Promise<string> {
  const file = await openRegular(path);
  try {
    const hash = createHash(algorithm);
    const block = new Uint8Array(BLOCK);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(block, 0, BLOCK);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/**
 * As {@link readChecked}, for archives too large for memory: holds the digest against the published one and reads nothing
 * else. Where none was published, only that it can be read.
 *
 * @returns the digest
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_CHECKSUM
 */
export async function checkFile(path: string, expected: FileRecord, signal?: AbortSignal): Promise<string> {
  const algorithm = expected.sha256 === undefined && expected.md5 !== undefined ? 'md5' : 'sha256';
  const digest = await digestFile(path, algorithm, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreadable(path, cause);
  });
  checkDigest(path, expected, () => digest);
  return digest;
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
    throw unreadable(path, cause);
  }
  const content = await parse(bytes, path, expected.inflatedBytes);
  checkDigest(path, expected, (algorithm) => createHash(algorithm).update(bytes).digest('hex'));
  return content;
}

const unreadable = (path: string, cause: unknown): AuditError =>
  new AuditError(
    'MLD_DATA_UNREADABLE',
    `${path}: cannot be read: ${systemReason(cause)}`,
    (cause as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'Reinstall the package, or check the data folder you gave.'
      : 'Check the permissions of the file.',
    { cause },
  );
