/** Reads a data set by its catalogue name. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../errors.ts';
import { bundledDataFolder } from './bundled-folder.ts';
import { catalog, type DatasetId } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import type { Dataset } from './dataset.ts';
import { nearestName } from './nearest-name.ts';

export interface LoadOptions {
  /**
   * A folder laid out like the package's own (`fashion-mnist/…`, `adult/…`). A file found there is used, one
   * that is not there comes from the package; either way its sha256 is the same. A data set that is not bundled
   * (`cifar10/…`, `german-credit/…`, `location30/…`, `retail100/…`, `utkface/…`) is read from here only.
   */
  readonly dataDir?: string;
}

/**
 * @throws {AuditError} MLD_DATA_UNKNOWN for an id that is not in the catalogue, MLD_DATA_UNREADABLE when
 * `dataDir` or a file cannot be read or is not there, and the errors of the format's reader
 */
export async function loadDataset(
  id: DatasetId | (string & {}),
  options: LoadOptions = {},
): Promise<Dataset> {
  const { dataDir } = options;
  if (dataDir !== undefined && !(await exists(dataDir))) {
    throw new AuditError(
      'MLD_DATA_UNREADABLE',
      `data folder ${dataDir} does not exist or cannot be read`,
      'Create it, correct the path, or leave it out to use the bundled data.',
    );
  }
  const entry = catalogEntry(id);
  return entry.load(async (file) => {
    const own = dataDir === undefined ? undefined : join(dataDir, file.name);
    if (own !== undefined && (await exists(own))) return own;
    if (entry.bundled) return join(bundledDataFolder, file.name);
    throw new AuditError(
      'MLD_DATA_UNREADABLE',
      `data set '${entry.id}' is not part of the package; its file ${file.name} is ` +
        (dataDir === undefined ? 'looked for in a data folder, and none is given' : `not in ${dataDir}`),
      `Put the file (sha256 ${file.sha256}) there, from ${entry.source}, and name the folder with --data-dir DIR or ML_DOCTOR_DATA.`,
    );
  });
}

/** The entry of a data set; its licence and source are there without reading any file. */
export function catalogEntry(id: string): CatalogEntry {
  if (Object.hasOwn(catalog, id)) return catalog[id as DatasetId];
  const known = Object.keys(catalog);
  throw new AuditError(
    'MLD_DATA_UNKNOWN',
    `there is no data set '${id}'; known are ${known.join(', ')}`,
    `Did you mean '${nearestName(id, known)}'?`,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
