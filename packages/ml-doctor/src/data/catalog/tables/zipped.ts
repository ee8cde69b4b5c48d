/** Reads one file of a publisher's zip archive and refuses it unless its bytes are the published ones. */
import { createHash } from 'node:crypto';
import { checkDigest, type FileRecord } from '../../checked-file.ts';
import { readZipMember } from '../../formats/zip-member.ts';

/**
 * The archive may be packed anew, as UCI's were: what counts is the file in it.
 *
 * @param expected of the file; its name below any folder is looked for
 * @param parse gets a file with the wrong checksum too, as `readChecked` does it
 * @throws {AuditError} those of {@link readZipMember} and `parse`, MLD_DATA_CHECKSUM
 */
export async function readZipped<T>(
  path: string,
  expected: FileRecord,
  parse: (bytes: Uint8Array, file: string, maxBytes: number) => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = expected.name.slice(expected.name.lastIndexOf('/') + 1).replace(/\.gz$/, '');
  const bytes = await readZipMember(path, name, expected.inflatedBytes, signal);
  const file = `${path}: ${name}`;
  const content = await parse(bytes, file, expected.inflatedBytes);
  checkDigest(file, expected, (algorithm) => createHash(algorithm).update(bytes).digest('hex'));
  return content;
}
