/** The files that belong beside a report, read from the store when they are written. */

import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { Result } from '../../report/schema.ts';
import type { ReportFile } from '../../report/write.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';

export interface Artifact extends ReportFile {
  readonly artifact: Result['artifacts'][number];
}

export interface ArtifactBlob {
  /** With the extension that the file gets. */
  readonly blob: string;
  readonly kind: string;
}

/** A blob of a task as an artifact of the result with this id. */
export const artifactOf = async (
  store: FolderStore,
  key: string,
  id: string,
  { blob, kind }: ArtifactBlob,
): Promise<Artifact> => {
  const read = async () => (await store.finished(key)).blob(blob);
  const path = `artifacts/${id.replace(/[^a-z0-9-]+/g, '_')}${extname(blob)}`;
  const sha256 = createHash('sha256')
    .update(await read())
    .digest('hex');
  // What attacks say of single records, by their numbers in the data set. A stolen copy holds no record.
  return { path, read, artifact: { path, kind, sha256, containsTrainingRecords: kind !== 'model' } };
};
