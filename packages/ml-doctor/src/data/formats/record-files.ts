/** Reads files of records of one length, which lie in a tar archive or as files of their own. */

import { checkFile, type FileRecord } from '../checked-file.ts';
import { readParts, recordParts } from './record-parts.ts';
import { readTarParts } from './tar-stream.ts';

export interface RecordFile {
  /** Within the archive, as `cifar-10-batches-bin/test_batch.bin`. */
  readonly member: string;
  readonly width: number;
  readonly count: number;
  /** Gets each record in its order; its bytes are overwritten by the next. */
  readonly visit: (record: Uint8Array, index: number) => void;
}

/**
 * All of them out of one archive, in whatever order they are in it.
 *
 * @throws {AuditError} MLD_DATA_TRUNCATED, MLD_DATA_INVALID for another number of records, MLD_DATA_CHECKSUM, and those of
 * the tar reader
 */
export async function readArchivedRecords(
  path: string,
  archive: FileRecord,
  files: readonly RecordFile[],
  signal?: AbortSignal,
): Promise<void> {
  const parts = files.map(({ member, width, count, visit }) =>
    recordParts(`${path}: ${member}`, width, count, visit),
  );
  const wanted = Object.fromEntries(files.map(({ member }, i) => [member, parts[i]!.push]));
  await readTarParts(path, wanted, archive.inflatedBytes, signal);
  for (const { end } of parts) end();
  await checkFile(path, archive, signal);
}

/** Each from a file of its own. @throws {AuditError} as {@link readArchivedRecords} */
export async function readRecordFiles(
  paths: readonly string[],
  records: readonly FileRecord[],
  files: readonly RecordFile[],
  signal?: AbortSignal,
): Promise<void> {
  for (const [i, { width, count, visit }] of files.entries()) {
    const path = paths[i] as string;
    const parts = recordParts(path, width, count, visit);
    await readParts(path, parts.push, signal);
    parts.end();
    await checkFile(path, records[i] as FileRecord, signal);
  }
}
