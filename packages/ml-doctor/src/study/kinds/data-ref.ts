/** A data set as a task's parameters name it: by id and by the hash of what is in it. */
import type { Dataset } from '../../data/dataset.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import type { PaperRoles } from '../../data/named-splits.ts';
import { mixSides } from '../../data/own/mix-sides.ts';
import { readOutputTable } from '../../data/own/output-table.ts';
import { type OwnOutputs, outputsDataset } from '../../data/own/outputs-dataset.ts';
import { readOwnData } from '../../data/own/own-data.ts';
import { findKeptDataset } from '../../data/pictures/kept-datasets.ts';
import type { RoleSizes } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import type { OutputsPlace, Places } from '../task.ts';

export type DataRef = {
  readonly id: string;
  readonly contentHash: string;
};

/** How the records get their roles. */
export type SplitRef = {
  readonly seed: number;
  readonly perRole?: number;
  /** Of data that says itself who is a member. */
  readonly sizes?: RoleSizes;
  /** Of any split but ml-doctor-2022: its sizes are here, so that others make another task. */
  readonly paper?: PaperRoles;
};

export const dataRef = ({ id, contentHash }: Dataset): DataRef => ({ id, contentHash });

/** More than one where an attack has a data set of its own. */
const KEPT = 2;
const read = new Map<string, Dataset>();

/**
 * The data set, read once a process.
 * @throws {AuditError} MLD_DATA_CHECKSUM when its content is not what the plan was made with, and what reading throws
 */
export const loadRef = async (ref: DataRef, places: Places): Promise<Dataset> => {
  const kept = read.get(ref.contentHash);
  if (kept) return kept;
  const data = await readNamed(ref, places);
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

/** A user's own data is known by fixed names; the hash tells one user's from another's. */
const readNamed = async (ref: DataRef, { dataDir, dataCache, skipBroken, own }: Places): Promise<Dataset> => {
  const { id } = ref;
  if (id === OWN_DATA && own?.data) {
    const { choice, options } = own.data;
    return mixSides(await readOwnData(choice, options), options.seed).data;
  }
  if (id === OWN_OUTPUTS && own?.outputs) return (await readOutputsAt(own.outputs)).data;
  const kept = dataCache === undefined ? undefined : await findKeptDataset(ref, dataCache);
  if (kept) return kept;
  return loadDataset(id, {
    ...(dataDir !== undefined && { dataDir }),
    ...(dataCache !== undefined && { cache: dataCache }),
    ...(skipBroken && { skipBroken }),
  });
};

/** The data set of a user's own records. */
export const OWN_DATA = 'own';

/** The data set of records of which the answers alone are known. */
export const OWN_OUTPUTS = 'outputs';

export const readOutputsAt = async ({ path, ...options }: OutputsPlace): Promise<OwnOutputs> =>
  outputsDataset(await readOutputTable(path, options), options.seed);

/**
 * A user's saved outputs, as the plan has seen them.
 * @throws {AuditError} MLD_DATA_CHECKSUM when the file has changed since, and what reading throws
 */
export const readOwnOutputs = async (ref: DataRef, answers: string, { own }: Places): Promise<OwnOutputs> => {
  if (!own?.outputs) throw new Error('internal: nothing is known of saved outputs');
  const found = await readOutputsAt(own.outputs);
  if (found.data.contentHash !== ref.contentHash || found.answers !== answers)
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${own.outputs.path} holds other outputs than the plan was made with`,
      'Run the command again: it plans with the file as it is now.',
    );
  return found;
};
