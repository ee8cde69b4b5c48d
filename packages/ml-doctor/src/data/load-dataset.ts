/** Reads a data set by its catalogue name. */
import { AuditError } from '../errors.ts';
import { catalog, type DatasetId } from './catalog/catalog.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import { parseDataName } from './data-name.ts';
import type { Dataset } from './dataset.ts';
import { exists, findForms } from './find-files.ts';
import { nearestName } from './nearest-name.ts';
import type { DecodingOptions } from './pictures/decoding.ts';

export interface LoadOptions extends DecodingOptions {
  /**
   * A folder with a folder for each data set (`fashion-mnist/…`, `adult/…`). What is found there is used, what is not
   * comes from the package; either way its digest is the same. A data set that is not bundled is read from here only.
   */
  readonly dataDir?: string;
}

/**
 * @param name an id of the catalogue, of pictures with the pixels a side where others than the usual are wanted: `celeba@64`
 * @throws {AuditError} MLD_DATA_UNKNOWN for an id that is not in the catalogue, MLD_DATA_UNREADABLE when
 * `dataDir` or a file cannot be read or is not there, and the errors of the format's reader
 */
export async function loadDataset(
  name: DatasetId | (string & {}),
  { dataDir, ...decoding }: LoadOptions = {},
): Promise<Dataset> {
  if (dataDir !== undefined && !(await exists(dataDir))) {
    throw new AuditError(
      'MLD_DATA_UNREADABLE',
      `data folder ${dataDir} does not exist or cannot be read`,
      'Create it, correct the path, or leave it out to use the bundled data.',
    );
  }
  const entry = catalogEntry(name);
  const { pixels } = parseDataName(name);
  const found = await findForms(entry, dataDir);
  const whole = found.find(({ missing }) => missing.length === 0);
  if (whole)
    return whole.form.read(whole.at as readonly string[], {
      ...decoding,
      name,
      ...(pixels !== undefined && { pixels }),
    });
  const [wanted] = found.map(({ missing }) => missing[0]);
  throw new AuditError(
    'MLD_DATA_UNREADABLE',
    `data set '${entry.id}' is not part of the package; its file ${wanted?.name} is ` +
      (dataDir === undefined ? 'looked for in a data folder, and none is given' : `not in ${dataDir}`),
    `Put the file (sha256 ${wanted?.sha256}) there, from ${entry.source}, and name the folder with --data-dir DIR or ML_DOCTOR_DATA.`,
  );
}

/** The entry of a data set; its licence and source are there without reading any file. */
export function catalogEntry(name: string): CatalogEntry {
  const { id } = parseDataName(name);
  if (Object.hasOwn(catalog, id)) return catalog[id as DatasetId];
  const known = Object.keys(catalog);
  throw new AuditError(
    'MLD_DATA_UNKNOWN',
    `there is no data set '${id}'; known are ${known.join(', ')}`,
    `Did you mean '${nearestName(id, known)}'?`,
  );
}
