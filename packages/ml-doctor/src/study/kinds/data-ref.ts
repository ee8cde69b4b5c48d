/** A data set as a task's parameters name it: by id and by the hash of what is in it. */
import type { Dataset } from '../../data/dataset.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { AuditError } from '../../errors.ts';
import type { Places } from '../task.ts';

export type DataRef = {
  readonly id: string;
  readonly contentHash: string;
};

/** How the records get their roles. */
export type SplitRef = {
  readonly seed: number;
  readonly perRole?: number;
};

export const dataRef = ({ id, contentHash }: Dataset): DataRef => ({ id, contentHash });

/** More than one where an attack has a data set of its own. */
const KEPT = 2;
const read = new Map<string, Dataset>();

/**
 * The data set, read once a process.
 * @throws {AuditError} MLD_DATA_CHECKSUM when its content is not what the plan was made with, and what reading throws
 */
export const loadRef = async (ref: DataRef, { dataDir }: Places): Promise<Dataset> => {
  const kept = read.get(ref.contentHash);
  if (kept) return kept;
  const data = await loadDataset(ref.id, dataDir === undefined ? {} : { dataDir });
  if (data.contentHash !== ref.contentHash)
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `data set '${ref.id}' has content ${data.contentHash.slice(0, 12)}…, the plan was made with ${ref.contentHash.slice(0, 12)}…`,
      'Run the command again: it plans with the data as it is now.',
    );
  const oldest = read.keys().next().value;
  if (read.size >= KEPT && oldest !== undefined) read.delete(oldest);
  read.set(ref.contentHash, data);
  return data;
};
